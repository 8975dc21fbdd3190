// What the stage says of a scene's steps and cells, made as stage.js and way.js make it.

import { Grid } from "/browser/grids.js";
import { Matrix } from "/browser/matrix.js";
import { Way, paced } from "/browser/way.js";
import { link, sum } from "/browser/words.js";

const text = (parts) => parts.map((part) => part.textContent ?? part).join("");
const lines = (nodes) => nodes.map((node) => node.textContent).join("\n");

// Some of `count`, by fractions between 0 and 1; the first and the last among them.
const some = (count, fractions) =>
  [...new Set([0, count - 1, ...fractions.map((f) => Math.floor(f * count))])];

window.said = (json, fractions) => {
  const data = JSON.parse(json);
  const grids = Object.fromEntries(data.grids.map((grid) => [grid.name, new Grid(grid)]));
  const ways = data.sweeps.map((sweep) => {
    const way = new Way(() => ({}), () => {});
    way.load(sweep, { ...data, grids });
    return way;
  });
  const tied = data.matrix ? entries(new Matrix(data.matrix, ways[0].taps, grids), ways[0], fractions) : [];
  return [...ways.flatMap((way, n) => [...steps(way, n, ways[0], fractions), ...cells(way, n, fractions)]), ...tied];
};

// Of cells of the matrix, those where two cells meet among them.
function entries(matrix, way, fractions) {
  const { height, width } = matrix.data;
  const met = [...matrix.siteAt.keys()];
  const places = [...some(height * width, fractions), ...some(met.length, fractions).map((n) => met[n])];
  return [...new Set(places)].filter((at) => at !== undefined).map((at) => {
    const cell = [0, Math.floor(at / width), at % width];
    const focus = matrix.resolve({ grid: "matrix", cell });
    return { kind: "link", way: 0, step: way.taps.steps - 1, hidden: false, grid: "matrix", cell,
      text: text(link(way.scene, focus, focus.sites)) };
  });
}

// Of a step of the stage, at which each way shows one of its own; and (step -1) of one looked at.
function steps(way, n, lead, fractions) {
  const { sweep, taps, scene } = way;
  const at = (step) => paced(step, taps.steps, lead.taps.steps);
  const shown = some(lead.taps.steps, fractions).map((step) => ({ step, own: at(step), placed: at(step) - at(step - 1) }));
  const looked = n ? some(taps.steps, fractions).map((own) => ({ step: -1, own, placed: 1 })) : [];
  return [...shown, ...looked].flatMap(({ step, own, placed }) => {
    const out = taps.cell(own);
    return [false, true].flatMap((hidden) => [
      { kind: "sum", way: n, step, hidden, grid: sweep.steps, cell: out, text: lines(sum(scene, out, hidden, placed)) },
      { kind: "sentence", way: n, step, hidden, grid: sweep.steps, cell: out, text: way.sentence(out, hidden) },
    ]);
  });
}

// Of cells under the pointer, while the way shows a step of its own.
function cells(way, n, fractions) {
  const { sweep, taps, scene } = way;
  const { grids, totals } = scene;
  const names = [sweep.steps, sweep.reads, sweep.weights, sweep.bias, ...Object.keys(totals)];
  return names.filter((name) => grids[name]).flatMap((name) => {
    const { planes, height, width } = grids[name];
    const during = name === sweep.reads && way.scatters ? some(taps.steps, fractions.slice(0, 2)) : [taps.steps - 1];
    const reached = name === sweep.reads ? during.flatMap((step) => taps.ofOut(taps.cell(step)).slice(0, 1)) : [];
    const places = reached.map(({ read: [plane, row, col] }) => (plane * height + row) * width + col);
    return [...new Set([...some(planes.length * height * width, fractions), ...places])].flatMap((at) => {
      const cell = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
      const focus = { grid: name, cell };
      return during.flatMap((step) => [false, true].map((hidden) => ({ kind: "link", way: n, step, hidden, grid: name, cell,
        text: text(link(scene, focus, taps.sites(focus), () => hidden, way.sofar(focus, taps.cell(step)))) })));
    });
  });
}
window.ready = true;
