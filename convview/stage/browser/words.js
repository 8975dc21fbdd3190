// The written sum of a step, what a cell takes part in, and the sentence for a screen reader.

import { element } from "./element.js";

const span = (text, role) => (role ? element("span", { class: `role-${role}` }, text) : text);
const factor = (label) => (label.startsWith("\u2212") ? `(${label})` : label);

export function formula(lines) {
  return lines.map((line) =>
    element("div", {}, ...line.map(([text, role]) => span(text, role))));
}

// y[1, 1] = 5·(−1) + 0·2 + … + b = −9, one line for each row of taps, each channel summed up.
export function sum(scene, out, hidden) {
  const { grids, taps, symbols } = scene;
  const { steps, reads, weights, pairs } = taps.sweep;
  const [plane, i] = out;
  const total = grids[steps];
  const name = span(total.spell(symbols[steps], out), total.role);
  const all = taps.ofOut(out);
  if (scene.mode === "scatter") return (weights ? stamped : routed)(scene, out, name, all);
  if (scene.mode === "max") return largest(scene, out, name, all, hidden);
  if (scene.mode === "average") return averaged(scene, out, name, all, hidden);
  if (!weights) return copied(scene, out, name, all);
  const sites = all.filter(({ read }) => !grids[reads].isFiller(read));
  const rounded = sites.some(({ read, weight }) =>
    grids[reads].isRounded(read) || grids[weights].isRounded(weight))
    || Boolean(scene.bias && grids[scene.bias].isRounded([0, 0, plane]));
  const lines = [[name, ` ${rounded ? "\u2248" : "="} `]];
  const perChannel = sites.length / pairs[plane].length;
  sites.forEach((site, n) => {
    if (scene.partials && n % perChannel === 0) {
      lines.push([span(`channel ${site.read[0]}: `, "muted")]);
    } else if (n > 0 && !scene.partials && isNewRow(site, sites[n - 1])) lines.push([" + "]);
    else if (n > 0) lines.at(-1).push(" + ");
    lines.at(-1).push(product(grids[reads], site.read, grids[weights], site.weight));
    if (scene.partials && (n + 1) % perChannel === 0) {
      const [k] = site.weight;
      const part = hidden ? "?" : grids[scene.partials].label([k, i, out[2]]);
      lines.at(-1).push(` = ${part}`);
    }
  });
  if (scene.bias) {
    const bias = grids[scene.bias];
    if (scene.partials) lines.push([" + "]);
    else lines.at(-1).push(" + ");
    lines.at(-1).push(span(factor(bias.label([0, 0, plane])), bias.role), " (bias)");
  }
  const zeros = all.length - sites.length;
  if (!sites.length) lines.at(-1).push(span("nothing: only zeros meet the kernel here", "muted"));
  else if (zeros) lines.push([span(` and ${zeros} product${zeros > 1 ? "s" : ""} with a zero put in`, "muted")]);
  return written(lines, result(total, out, hidden));
}

const MOST_PRODUCTS = 16; // of a stamp, written out

const result = (total, out, hidden) =>
  [total.isRounded(out) && !hidden ? " \u2248 " : " = ", span(hidden ? "?" : total.label(out), total.role)];

const isNewRow = (site, before) => site.read[0] !== before.read[0] || site.read[1] !== before.read[1];

function product(grid, cell, weights, weight) {
  const pad = grid.marks(cell[1], cell[2]).includes("pad");
  return element("span", { class: pad ? "term padding" : "term" },
    span(factor(grid.label(cell)), grid.role), "\u00b7", span(factor(weights.label(weight)), weights.role));
}

function written(lines, end) {
  return [
    ...lines.filter((line) => line.length).map((line) => element("div", { class: "line" }, ...line)),
    element("div", { class: "line result" }, ...end),
  ];
}

// g[1, 1] adds, cell by cell: 3·1, 3·2, … one line for each row of taps; or in short, if many.
function stamped(scene, out, name, sites) {
  const { grids, taps: { sweep: { steps, weights } } } = scene;
  if (sites.length > MOST_PRODUCTS) {
    const value = span(grids[steps].label(out), grids[steps].role);
    return written([[name, " = ", value, ` times its ${sites.length} weights is added, cell by cell.`]], []);
  }
  const lines = [[name, " adds, cell by cell:"]];
  sites.forEach((site, n) => {
    if (n === 0 || isNewRow(site, sites[n - 1])) lines.push([]);
    else lines.at(-1).push(", ");
    lines.at(-1).push(product(grids[steps], out, grids[weights], site.weight));
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
  const rounded = total.isRounded(out) || sites.some(({ read }) => grid.isRounded(read));
  lines[0].unshift(name, ` ${rounded ? "\u2248" : "="} max(`);
  lines.at(-1).push(")");
  const equal = winner && sites.filter(({ read }) => grid.value(read) === grid.value(winner.read)).length;
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
  lines[0].unshift(name, ` ${rounded ? "\u2248" : "="} ${open}`);
  lines.at(-1).push(`${close} / ${divisors[taps.step(out)]}`);
  return written(lines, result(total, out, hidden));
}

// g[0, 1] = 5 goes to dL/dx[1, 2] alone; or a share of it to each cell of the window.
function routed({ grids, symbols, taps }, out, name, sites) {
  const { steps, reads, divisors, shares, inexact, equals } = taps.sweep;
  const value = span(grids[steps].label(out), grids[steps].role);
  const step = taps.step(out);
  if (divisors) {
    const share = span(shares[step], grids[steps].role);
    const each = ` / ${divisors[step]} ${inexact?.includes(step) ? "\u2248" : "="} `;
    const cells = divisors[step] === "1" ? "to the one cell that counted" : `to each of the ${divisors[step]} cells that counted`;
    return written([[name, " = ", value, `: ${cells}`], [value.cloneNode(true), each, share]], []);
  }
  if (!sites.length) return written([[name, " = ", value, " goes nowhere: the window saw only padding."]], []);
  const winner = span(grids[reads].spell(symbols[reads], sites[0].read), grids[reads].role);
  const which = equals?.[step] ? `the first of ${equals[step]} equal maxima` : "the maximum";
  return written([[name, " = ", value, " goes to"], [winner, ` alone, ${which} of its window`]], []);
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
  return written([[name, " = ", from]], [" = ", span(total.label(out), total.role)]);
}

// What the cell under the pointer takes part in.
export function link(scene, focus, all) {
  const { grids, taps, symbols } = scene;
  const { steps, reads, weights } = taps.sweep;
  const sites = all.filter(({ read }) => !grids[reads].isFiller(read));
  const grid = grids[focus.grid];
  if (focus.grid === steps || !symbols[focus.grid]) return [];
  const name = grid.spell(symbols[focus.grid], focus.cell);
  const head = [span(name, grid.role), " = ", grid.label(focus.cell)];
  if (focus.grid === scene.bias) return [...head, " is added to every output of its filter."];
  const summed = grids[scene.totals[focus.grid]];
  if (summed) return [...head, " is the sum of ", span(summed.title, summed.role), `${summed.planes.length > 1 ? `, ${summed.planes[focus.cell[2]]}` : ""}.`];
  if (!sites.length) {
    if (focus.grid !== reads) return head;
    if (grid.isFiller(focus.cell)) return [...head, " was put in and makes no term."];
    return [...head, scene.mode === "scatter" ? " is reached by no stamp." : " is read by no window."];
  }
  if (scene.mode === "scatter" && focus.grid === reads) return terms(scene, head, sites);
  if (scene.mode === "max") return wins(scene, head, sites);
  const other = focus.grid === reads ? weights : reads;
  const shown = sites.slice(0, 12).flatMap((site, n) => [
    n ? ", " : "",
    span(grids[steps].spell(symbols[steps], site.out), grids[steps].role),
    ...(other && scene.mode !== "scatter" ? [" (\u00d7\u00a0",
      span(factor(grids[other].label(other === reads ? site.read : site.weight)), grids[other].role), ")"] : []),
  ]);
  const more = sites.length > 12 ? `, \u2026 (${sites.length} in all)` : "";
  const verb = scene.mode === "scatter" ? " is stamped by " : " goes into ";
  return [...head, verb, ...shown, more, "."];
}

// x[1, 2] = 7 is read by y[0, 1], y[1, 1] and wins y[0, 1].
function wins({ grids, symbols, taps }, head, sites) {
  const { steps } = taps.sweep;
  const spelled = (some) => some.flatMap(({ out }, n) => [
    n ? ", " : "", span(grids[steps].spell(symbols[steps], out), grids[steps].role)]);
  const won = sites.filter((site) => taps.wins(site));
  const reads = [...head, " is read by ", ...spelled(sites.slice(0, 12)), sites.length > 12 ? `, \u2026 (${sites.length} in all)` : ""];
  return [...reads, " and wins ", ...(won.length ? spelled(won) : ["none of them"]), "."];
}

// dL/dx[2, 3] = 4: the stamps that reach this cell, g·w each; of a pooling g, or its share.
function terms({ grids, taps }, head, sites) {
  const { steps, weights, divisors } = taps.sweep;
  const part = ({ out, weight }) => (weights ? product(grids[steps], out, grids[weights], weight)
    : element("span", { class: "term" }, span(factor(grids[steps].label(out)), grids[steps].role),
      divisors ? ` / ${divisors[taps.step(out)]}` : ""));
  const shown = sites.slice(0, 16).flatMap((site, n) => [n ? " + " : "", part(site)]);
  return [...head, " = ", ...shown, sites.length > 16 ? ` + \u2026 (${sites.length} in all)` : ""];
}

export function sentence(scene, out, hidden) {
  const { grids, taps, symbols } = scene;
  const total = grids[taps.sweep.steps];
  const value = hidden ? "not yet shown" : total.label(out);
  const terms = taps.ofOut(out).length;
  const name = `${total.title} ${total.spell(symbols[taps.sweep.steps], out)}: ${value}`;
  if (scene.mode === "scatter") return `${name}, given to ${terms} cell${terms === 1 ? "" : "s"}.`;
  if (scene.mode === "max") return `${name}, the largest of ${terms}.`;
  if (scene.mode === "average") return `${name}, the average of ${taps.sweep.divisors[taps.step(out)]}.`;
  if (!taps.sweep.weights) return `${name}.`;
  return `${name}, the sum of ${terms} product${terms > 1 ? "s" : ""}.`;
}
