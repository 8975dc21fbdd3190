// The written sum of a step, what a cell takes part in, and the sentence for a screen reader.

import { element } from "./element.js";

const span = (text, role) => (role ? element("span", { class: `role-${role}` }, text) : text);
const factor = (label) => (label.startsWith("\u2212") ? `(${label})` : label);
const equals = (rounded) => (rounded ? " \u2248 " : " = ");
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

export function formula(lines) {
  return lines.map((line) =>
    element("div", {}, ...line.map(([text, role]) => span(text, role))));
}

// y[1, 1] = 5·(−1) + 0·2 + … + b = −9, one line for each row of taps, each channel summed up.
// placed : how many steps of a scatter end with this one, where it keeps pace with another sweep
export function sum(scene, out, hidden, placed = 1) {
  const { grids, taps, symbols } = scene;
  const { steps, reads, weights, pairs } = taps.sweep;
  const [plane, i] = out;
  const total = grids[steps];
  const name = span(total.spell(symbols[steps], out), total.role);
  const all = taps.ofOut(out);
  if (scene.mode === "scatter") return (weights ? stamped : routed)(scene, out, name, all, placed);
  if (scene.mode === "max") return largest(scene, out, name, all, hidden);
  if (scene.mode === "average") return averaged(scene, out, name, all, hidden);
  if (!weights) return copied(scene, out, name, all);
  const sites = all.filter(({ read }) => !grids[reads].isFiller(read));
  const isRounded = ({ read, weight }) => grids[reads].isRounded(read) || grids[weights].isRounded(weight);
  const rounded = sites.some(isRounded) || Boolean(scene.bias && grids[scene.bias].isRounded([0, 0, plane]));
  const lines = [[name, equals(rounded)]];
  const perChannel = sites.length / pairs[plane].length;
  sites.forEach((site, n) => {
    if (scene.partials && n % perChannel === 0) {
      lines.push([span(`channel ${site.read[0]}: `, "muted")]);
    } else if (n > 0 && !scene.partials && isNewRow(site, sites[n - 1])) lines.push([" + "]);
    else if (n > 0) lines.at(-1).push(" + ");
    lines.at(-1).push(product(grids[reads], site.read, grids[weights], site.weight));
    if (scene.partials && (n + 1) % perChannel === 0) {
      const part = [site.weight[0], i, out[2]];
      const about = sites.slice(n + 1 - perChannel, n + 1).some(isRounded)
        || (!hidden && grids[scene.partials].isRounded(part));
      lines.at(-1).push(equals(about), hidden ? "?" : grids[scene.partials].label(part));
    }
  });
  const zeros = added(all.length - sites.length);
  if (!sites.length) return written([[name, span(` is the sum of ${zeros}:`, "muted")]],
    [span(hidden ? "?" : total.label(out), total.role)]);
  if (scene.bias) {
    const bias = grids[scene.bias];
    if (scene.partials) lines.push([" + "]);
    else lines.at(-1).push(" + ");
    lines.at(-1).push(span(factor(bias.label([0, 0, plane])), bias.role), " (bias)");
  }
  if (sites.length < all.length) lines.push([span(` and ${zeros}`, "muted")]);
  return written(lines, result(total, out, hidden, rounded));
}

const added = (count) => `${counted(count, "product")}${count === 1 ? "" : ", each"} with an added zero`;

const MOST_PRODUCTS = 16; // of a stamp, written out

// rounded : whether what stands before it has rounded numbers
const result = (total, out, hidden, rounded) =>
  [equals(rounded || (!hidden && total.isRounded(out))), span(hidden ? "?" : total.label(out), total.role)];

const isNewRow = (site, before) => site.read[0] !== before.read[0] || site.read[1] !== before.read[1];

function product(grid, cell, weights, weight) {
  const pad = grid.marks(cell[1], cell[2]).includes("pad");
  return element("span", { class: pad ? "term padding" : "term" },
    span(factor(grid.label(cell)), grid.role), "\u00b7", span(factor(weights.label(weight)), weights.role));
}

function written(lines, end) {
  return [
    ...lines.filter((line) => line.length).map((line) => element("div", { class: "line" }, ...line, " ")),
    element("div", { class: "line result" }, ...end),
  ];
}

// g[1, 1] adds, cell by cell: 3·1, 3·2, … one line for each row of taps; or in short, if many.
function stamped(scene, out, name, sites, placed) {
  const { grids, taps: { sweep: { steps, weights } } } = scene;
  const last = placed > 1 ? `the last of ${placed} in this step` : "";
  if (sites.length > MOST_PRODUCTS) {
    const value = span(grids[steps].label(out), grids[steps].role);
    const count = `${sites.length} weights`;
    const theirs = grids[steps].planes.length > 1 ? `the ${count} of filter ${out[0]}` : `the kernel\u2019s ${count}`;
    return written([[name, equals(grids[steps].isRounded(out)), value, last && `, ${last}`,
      `, times each of ${theirs}, is added cell by cell.`]], []);
  }
  const about = grids[steps].isRounded(out) ? [equals(true), span(grids[steps].label(out), grids[steps].role)] : [];
  const lines = [[name, ...about, last && `, ${last},`, " adds, cell by cell:"]];
  sites.forEach((site, n) => {
    if (n === 0 || isNewRow(site, sites[n - 1])) lines.push([]);
    lines.at(-1).push(product(grids[steps], out, grids[weights], site.weight), n < sites.length - 1 ? ", " : "");
  });
  return written(lines, []);
}

// The numbers of a window, row by row, with commas or plus signs between.
function listed(scene, sites, between, mark) {
  const grid = scene.grids[scene.taps.sweep.reads];
  const lines = [];
  sites.forEach((site, n) => {
    if (n === 0 || isNewRow(site, sites[n - 1])) lines.push([]);
    const [, row, col] = site.read;
    const term = span(between === " + " ? factor(grid.label(site.read)) : grid.label(site.read), grid.role);
    const pad = grid.marks(row, col).includes("pad") ? " padding" : "";
    const won = mark?.(site) ? " won" : "";
    lines.at(-1).push(element("span", { class: `term${pad}${won}` }, term), n < sites.length - 1 ? between : "");
  });
  return lines;
}

// y[0, 1] = max(3, 7, 2, 7) = 7, the first of 2 equal ones.
function largest({ grids, taps, ...scene }, out, name, sites, hidden) {
  const total = grids[taps.sweep.steps];
  const grid = grids[taps.sweep.reads];
  const winner = sites.find((site) => taps.wins(site));
  const lines = listed({ grids, taps, ...scene }, sites, ", ", (site) => site === winner && !hidden);
  const rounded = sites.some(({ read }) => grid.isRounded(read));
  lines[0].unshift(name, `${equals(rounded)}max(`);
  lines.at(-1).push(")");
  const equal = taps.equals(out).length;
  if (equal > 1 && !hidden) lines.push([span(`the first of ${equal} equal ones wins`, "muted")]);
  return written(lines, [" = ", span(hidden ? "?" : total.label(out), total.role)]);
}

// y[0, 1] = (3 + 7 + 2 + 6) / 4 = 4.5
function averaged({ grids, taps, ...scene }, out, name, sites, hidden) {
  const { steps, reads, divisors } = taps.sweep;
  const total = grids[steps];
  const rounded = sites.some(({ read }) => grids[reads].isRounded(read));
  const lines = listed({ grids, taps, ...scene }, sites, " + ");
  const [open, close] = sites.length > 1 ? ["(", ")"] : ["", ""];
  lines[0].unshift(name, `${equals(rounded)}${open}`);
  lines.at(-1).push(`${close} / ${divisors[taps.step(out)]}`);
  return written(lines, result(total, out, hidden, rounded));
}

// g[0, 1] = 5 goes to dL/dx[1, 2] alone; or a share of it to each cell of the window.
function routed({ grids, symbols, taps }, out, name, sites) {
  const { steps, reads, divisors, shares, inexact } = taps.sweep;
  const value = span(grids[steps].label(out), grids[steps].role);
  const rounded = grids[steps].isRounded(out);
  const step = taps.step(out);
  if (divisors) {
    const share = span(shares[step], grids[steps].role);
    const each = ` / ${divisors[step]}${equals(rounded || inexact?.includes(step))}`;
    const cells = divisors[step] === "1" ? "to the one cell that counted" : `to each of the ${divisors[step]} cells that counted`;
    return written([[name, equals(rounded), value, `: ${cells}`], [value.cloneNode(true), each, share]], []);
  }
  if (!sites.length) return written([[name, equals(rounded), value, " goes nowhere: the window read no input cell."]], []);
  const winner = span(grids[reads].spell(symbols[reads], sites[0].read), grids[reads].role);
  return written([[name, equals(rounded), value, " goes to"], [winner, ` alone, ${first(taps, out, "the maximum of its window")}`]], []);
}

// Which of the maxima of a window wins.
function first(taps, out, only) {
  const equal = taps.equals(out).length;
  return equal > 1 ? `the first of ${equal} equal maxima of its window` : only;
}

// Zeros that were put into an upstream map, by their mark.
const FILLERS = {
  ring: "a zero of the ring around",
  appended: "a zero for what the stride left over",
  between: "a zero between two upstream cells",
};

// g′[2, 3] = g[0, 1] = 5: a cell moved to another place, or a zero put in.
function copied({ grids, symbols, taps: { sweep: { steps, reads } } }, out, name, [site]) {
  const total = grids[steps];
  const from = site
    ? span(grids[reads].spell(symbols[reads], site.read), grids[reads].role)
    : span(FILLERS[total.filler(out)], "muted");
  return written([[name, " = ", from]], result(total, out, false));
}

// What the cell under the pointer takes part in.
// isHidden(out) : whether a step's answer is still to be asked for
// sofar : { label, rounded } of a cell that is scattered into and is not complete yet
export function link(scene, focus, all, isHidden = () => false, sofar = null) {
  const { grids, taps, symbols } = scene;
  if (focus.ends) return tied(scene, focus, all);
  const { steps, reads, weights, picks, divisors } = taps.sweep;
  const sites = all.filter(({ read }) => !grids[reads].isFiller(read));
  const grid = grids[focus.grid];
  if (focus.grid === steps || !symbols[focus.grid]) return [];
  const name = grid.spell(symbols[focus.grid], focus.cell);
  const head = [span(name, grid.role), equals(grid.isRounded(focus.cell)), grid.label(focus.cell)];
  if (focus.grid === scene.bias) return [...head, " is added to every output of its filter."];
  const summed = grids[scene.totals[focus.grid]];
  if (summed) return [...head, " is the sum of ", span(summed.title, summed.role), `${summed.planes.length > 1 ? `, ${summed.planes[focus.cell[2]]}` : ""}.`];
  if (!sites.length) {
    if (focus.grid !== reads) return head;
    if (grid.isFiller(focus.cell)) return [...head, " was added and makes no term."];
    const scatters = scene.mode === "scatter";
    if (divisors) return [...head, " counts in no window."];
    if (picks && scatters) return [...head, " has won no window."];
    return [...head, scatters ? " is reached by no stamp." : " is read by no window."];
  }
  if (scene.mode === "scatter" && focus.grid === reads) {
    const rounded = grid.isRounded(focus.cell);
    const until = sofar ? [head[0], equals(sofar.rounded), sofar.label, " so far; at the end ", rounded ? "\u2248 " : "", grid.label(focus.cell)] : head;
    return terms(scene, until, sites, rounded);
  }
  if (scene.mode === "max") return wins(scene, head, sites, isHidden);
  const other = focus.grid === reads ? weights : reads;
  const shown = sites.slice(0, 12).flatMap((site, n) => [
    n ? ", " : "",
    span(grids[steps].spell(symbols[steps], site.out), grids[steps].role),
    ...(other && scene.mode !== "scatter" ? [" (\u00d7\u00a0",
      span(grids[other].label(other === reads ? site.read : site.weight), grids[other].role), ")"] : []),
  ]);
  const more = sites.length > 12 ? `, \u2026 (${sites.length} in all)` : "";
  const verb = scene.mode === "scatter" ? " is multiplied by " : " goes into ";
  return [...head, verb, ...shown, more, "."];
}

// A cell of a Jacobian: y[0, 1] and x[1, 2] meet in w[0, 1] = 5.
function tied({ grids, symbols }, { ends, entry }, [site]) {
  const [one, other] = ends.map(([name, cell]) => span(grids[name].spell(symbols[name], cell), grids[name].role));
  if (!site) return [one, " and ", other, " do not meet: 0."];
  const grid = grids[entry.grid];
  const cell = site[entry.of];
  const name = span(grid.spell(symbols[entry.grid], cell), grid.role);
  return [one, " and ", other, " meet in ", name, equals(grid.isRounded(cell)), grid.label(cell), "."];
}

// x[1, 2] = 7 is read by y[0, 1], y[1, 1] and wins y[0, 1].
function wins({ grids, symbols, taps }, head, sites, isHidden) {
  const { steps } = taps.sweep;
  const spelled = (some) => [...some.slice(0, 12).flatMap(({ out }, n) => [
    n ? ", " : "", span(grids[steps].spell(symbols[steps], out), grids[steps].role)]),
  some.length > 12 ? `, \u2026 (${some.length} in all)` : ""];
  const reads = [...head, " is read by ", ...spelled(sites)];
  if (sites.some(({ out }) => isHidden(out))) return [...reads, "."];
  const won = sites.filter((site) => taps.wins(site));
  const none = sites.length > 1 ? " and wins none of them" : " and does not win";
  const late = sites.filter((site) => !taps.wins(site)
    && taps.equals(site.out).some(({ read }) => `${read}` === `${site.read}`));
  return [...reads, ...(won.length ? [" and wins ", ...spelled(won)] : [none]), ".",
    ...(late.length ? [` It is as large as the ${late.length > 1 ? "winners" : "winner"} of `, ...spelled(late), ", but comes later."] : [])];
}

// dL/dx[2, 3] = 4: the stamps that reach this cell, g·w each; of a pooling g, or its share.
function terms({ grids, symbols, taps }, head, sites, isRounded) {
  const { steps, weights, divisors } = taps.sweep;
  if (sites.length === 1 && !weights && !divisors) {
    const only = span(grids[steps].spell(symbols[steps], sites[0].out), grids[steps].role);
    return [...head, ", which is ", only, "."];
  }
  const part = ({ out, weight }) => (weights ? product(grids[steps], out, grids[weights], weight)
    : element("span", { class: "term" }, span(factor(grids[steps].label(out)), grids[steps].role),
      divisors ? ` / ${divisors[taps.step(out)]}` : ""));
  const shown = sites.slice(0, 16).flatMap((site, n) => [n ? " + " : "", part(site)]);
  const rounded = sites.some(({ out, weight }) => grids[steps].isRounded(out) || (weights && grids[weights].isRounded(weight)));
  return [...head, equals(rounded || isRounded), ...shown, sites.length > 16 ? ` + \u2026 (${sites.length} in all)` : ""];
}

// A step in one sentence, for a screen reader.
export function sentence(scene, out, hidden) {
  const { grids, taps, symbols } = scene;
  const { steps, reads, weights, picks } = taps.sweep;
  const total = grids[steps];
  const all = taps.ofOut(out);
  const value = hidden ? "not yet shown" : `${total.isRounded(out) ? "about " : ""}${total.label(out)}`;
  const symbol = symbols[steps];
  const titled = total.title === symbol || total.title.startsWith(`${symbol} `); // "dp = J dx" names it
  const name = `${titled ? "" : `${total.title} `}${total.spell(symbol, out)}: ${value}`;
  if (scene.mode === "scatter") {
    const cells = all.length ? counted(all.length, "cell") : "no cell";
    return `${name}, given to ${cells}${picks && taps.equals(out).length > 1 ? `, ${first(taps, out)}` : ""}.`;
  }
  if (scene.mode === "max" || scene.mode === "average") {
    const marks = all.map(({ read: [, row, col] }) => grids[reads].marks(row, col));
    const over = marks.filter((words) => words.includes("overhang")).length;
    const padding = marks.filter((words) => words.includes("pad")).length - over;
    const parts = [...(padding ? [`${padding} of them padding`] : []), ...(over ? [`${over} of them over the end`] : [])];
    const [is, tie] = scene.mode === "max" ? ["largest", hidden ? 0 : taps.equals(out).length] : ["average", 0];
    return `${name}, the ${is} of ${counted(all.length, "cell")}`
      + (padding === all.length ? ", padding only" : parts.map((part) => `, ${part}`).join(""))
      + (tie > 1 ? `, the first of ${tie} equal ones` : "") + ".";
  }
  if (!weights) return `${name}.`;
  const zeros = all.filter(({ read }) => grids[reads].isFiller(read)).length;
  const each = zeros < all.length ? `, ${zeros} of them` : zeros > 1 ? ", each" : "";
  return `${name}, the sum of ${counted(all.length, "product")}`
    + (zeros ? `${each} with an added zero` : "")
    + (scene.bias ? `${zeros ? "," : ""} and the bias` : "") + ".";
}
