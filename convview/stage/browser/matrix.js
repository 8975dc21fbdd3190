// The convolution matrix as a grid: each tap's weight stands at (its output, its input).
//
// Where a cell stands in the vectors x and y is looked up in the scene; the weights are those of
// the kernel grid. The rest of the matrix is zero.

import { Grid } from "./grids.js";

const MOST_CELLS = 1300; // as cells of their own; beyond that one heat map

export class Matrix {
  constructor(places, taps, grids) {
    this.places = places;
    this.taps = taps;
    const kernel = grids[taps.sweep.weights];
    const zero = kernel.values.length;
    const cells = new Array(places.height * places.width).fill(zero);
    this.siteAt = new Map();
    for (let step = 0; step < taps.steps; step++) {
      for (const site of taps.ofOut(taps.cell(step))) {
        const at = this.position(site);
        if (at === null) continue;
        const [k, u, v] = site.weight;
        cells[at] = kernel.entry(k, kernel.position(u, v));
        this.siteAt.set(at, site);
      }
    }
    const line = (size) => ({ names: [...Array(size).keys()] });
    this.grid = new Grid({
      name: "matrix", title: places.title, note: places.note, role: "kernel", place: "matrix",
      planes: [""], rows: line(places.height), cols: line(places.width),
      values: [...kernel.values, 0], labels: [...kernel.labels, "0"], levels: `${kernel.levels}80`,
      cells: [cells], heat: places.height * places.width > MOST_CELLS,
    });
    this.x = this.vector(grids[taps.sweep.reads], "x as a vector", this.inputs(), true);
    this.y = this.vector(grids[taps.sweep.steps], "y as a vector", this.outputs(), false);
  }
  // A grid laid out as one row (x, above its columns) or one column (y, beside its rows).
  vector(grid, title, order, across) {
    const names = { names: order.map((_, k) => k) };
    const one = { names: [0] };
    return new Grid({
      name: `${grid.name}_vector`, title, note: "", role: grid.role, place: "matrix", planes: [""],
      rows: across ? one : names, cols: across ? names : one, values: grid.values,
      labels: grid.labels, levels: [...grid.level].map((n) => n.toString(16).padStart(2, "0")).join(""),
      cells: [order.map(([p, r, c]) => grid.entry(p, grid.position(r, c)))], heat: this.grid.heat,
    });
  }
  inputs() {
    const order = [];
    const { inputPlanes, inputRows, inputCols } = this.places;
    inputPlanes.forEach((_, p) => inputRows.forEach((row, r) => inputCols.forEach((col, c) => {
      if (row !== null && col !== null) order.push([p, r, c]);
    })));
    return order;
  }
  outputs() {
    return Array.from({ length: this.taps.steps }, (_, step) => this.taps.cell(step));
  }
  column([p, r, c]) {
    const { inputPlanes, inputRows, inputCols } = this.places;
    const [row, col] = [inputRows[r], inputCols[c]];
    return row === null || col === null ? null : inputPlanes[p] + row + col;
  }
  row([p, r, c]) {
    const { outputPlanes, outputRows, outputCols } = this.places;
    return outputPlanes[p] + outputRows[r] + outputCols[c];
  }
  position(site) {
    const column = this.column(site.read);
    return column === null ? null : this.row(site.out) * this.places.width + column;
  }
}
