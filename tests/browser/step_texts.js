// What the stage says of a scene's steps and cells, made as stage.js and way.js make it.

import { Grid } from "/browser/grids.js";
import { Taps } from "/browser/taps.js";
import { link, sentence, sum } from "/browser/words.js";

const text = (parts) => parts.map((part) => part.textContent ?? part).join("");
const lines = (nodes) => nodes.map((node) => node.textContent).join("\n");

// Some of `count`, by fractions between 0 and 1; the first and the last among them.
const some = (count, fractions) =>
  [...new Set([0, count - 1, ...fractions.map((f) => Math.floor(f * count))])];

window.said = (json, fractions) => {
  const data = JSON.parse(json);
  const grids = Object.fromEntries(data.grids.map((grid) => [grid.name, new Grid(grid)]));
  if (data.view === "closely") grids.output.isAlone = true;
  if (data.view === "jacobian") grids.output.isColumn = grids.p.isColumn = true;
  return data.sweeps.flatMap((sweep, way) => {
    const taps = new Taps(sweep, grids);
    const scene = { ...data, grids, ...sweep, taps };
    const steps = some(taps.steps, fractions).flatMap((step) => {
      const out = taps.cell(step);
      return [false, true].flatMap((hidden) => [
        { kind: "sum", way, hidden, grid: sweep.steps, cell: out, text: lines(sum(scene, out, hidden)) },
        { kind: "sentence", way, hidden, grid: sweep.steps, cell: out, text: sentence(scene, out, hidden) },
      ]);
    });
    const names = [sweep.steps, sweep.reads, sweep.weights, sweep.bias, ...Object.keys(data.totals)];
    const cells = names.filter((name) => grids[name]).flatMap((name) => {
      const { planes, height, width } = grids[name];
      return some(planes.length * height * width, fractions).flatMap((at) => {
        const cell = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
        const focus = { grid: name, cell };
        return [false, true].map((hidden) => ({ kind: "link", way, hidden, grid: name, cell,
          text: text(link(scene, focus, taps.sites(focus), () => hidden)) }));
      });
    });
    return [...steps, ...cells];
  });
};
window.ready = true;
