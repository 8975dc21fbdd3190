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
  const { steps, reads, weights, rows, pairs } = taps.sweep;
  const [plane, i] = out;
  const total = grids[steps];
  const name = total.spell(symbols[steps], out);
  const sites = taps.ofOut(out);
  const rounded = total.isRounded(out) || sites.some(({ read, weight }) =>
    grids[reads].isRounded(read) || grids[weights].isRounded(weight))
    || Boolean(scene.bias && grids[scene.bias].isRounded([0, 0, plane]));
  const lines = [[span(name, total.role), ` ${rounded ? "\u2248" : "="} `]];
  const perRow = sites.length / pairs[plane].length / rows[i].length;
  const perChannel = perRow * rows[i].length;
  sites.forEach((site, n) => {
    if (scene.partials && n % perChannel === 0) {
      lines.push([span(`channel ${site.read[0]}: `, "muted")]);
    } else if (n > 0 && n % perRow === 0 && !scene.partials) lines.push([" + "]);
    else if (n > 0) lines.at(-1).push(" + ");
    const pad = grids[reads].marks(site.read[1], site.read[2]).includes("pad");
    lines.at(-1).push(element("span", { class: pad ? "term padding" : "term" },
      span(factor(grids[reads].label(site.read)), grids[reads].role), "\u00b7",
      span(factor(grids[weights].label(site.weight)), grids[weights].role)));
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
  const result = hidden ? "?" : total.label(out);
  const end = [" = ", span(result, total.role)];
  return [
    ...lines.filter((line) => line.length).map((line) => element("div", { class: "line" }, ...line)),
    element("div", { class: "line result" }, ...end),
  ];
}

// What the cell under the pointer takes part in.
export function link(scene, focus, sites) {
  const { grids, taps, symbols } = scene;
  const { steps, reads, weights } = taps.sweep;
  const grid = grids[focus.grid];
  if (focus.grid === steps || !symbols[focus.grid]) return [];
  const name = grid.spell(symbols[focus.grid], focus.cell);
  const head = [span(name, grid.role), " = ", grid.label(focus.cell)];
  if (focus.grid === scene.bias) return [...head, " is added to every output of its filter."];
  if (!sites.length) {
    return focus.grid === reads ? [...head, " is read by no window."] : head;
  }
  const other = focus.grid === reads ? weights : reads;
  const shown = sites.slice(0, 12).flatMap((site, n) => [
    n ? ", " : "",
    span(grids[steps].spell(symbols[steps], site.out), grids[steps].role),
    " (\u00d7\u00a0",
    span(factor(grids[other].label(other === reads ? site.read : site.weight)), grids[other].role),
    ")",
  ]);
  const more = sites.length > 12 ? `, \u2026 (${sites.length} in all)` : "";
  return [...head, " goes into ", ...shown, more, "."];
}

export function sentence(scene, out, hidden) {
  const { grids, taps, symbols } = scene;
  const total = grids[taps.sweep.steps];
  const value = hidden ? "not yet shown" : total.label(out);
  const terms = taps.ofOut(out).length;
  return `${total.title} ${total.spell(symbols[taps.sweep.steps], out)}: ${value}, ` +
    `the sum of ${terms} product${terms > 1 ? "s" : ""}.`;
}
