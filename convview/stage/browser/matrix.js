// A Jacobian as a grid: at (row, column) stands what ties the two cells together.
//
// The rows are the cells that are swept (y); the columns are the cells of the input, and then the
// entries are weights (the convolution matrix), or those of the weight, and then the entries are
// inputs (the im2col matrix). Where a cell stands in its vector is looked up in the scene.

import { Grid } from "./grids.js";

const ZERO = 128; // the colour level of 0
const MOST_CELLS = 1300; // as cells of their own; beyond that one heat map

export class Matrix {
  constructor(data, taps, grids) {
    this.data = data;
    this.taps = taps;
    this.grids = grids;
    this.ofColumn = data.columns.grid === taps.sweep.reads ? "read" : "weight";
    this.ofEntry = this.ofColumn === "read" ? "weight" : "read";
    const entries = grids[data.entries];
    const zero = entries.values.length;
    const { height, width } = data;
    const cells = new Array(height * width).fill(zero);
    this.siteAt = new Map();
    for (let step = 0; step < taps.steps; step++) {
      for (const site of taps.ofOut(taps.cell(step))) {
        const at = this.position(site);
        if (at === null) continue;
        const [plane, row, col] = site[this.ofEntry];
        cells[at] = entries.entry(plane, entries.position(row, col));
        this.siteAt.set(at, site);
      }
    }
    this.grid = new Grid({
      name: "matrix", title: data.title, note: data.note, role: entries.role, planes: [""],
      rows: line(height), cols: line(width), rounded: [], cells: [cells],
      heat: height * width > MOST_CELLS,
    }, { values: [...entries.values, 0], labels: [...entries.labels, "0"], level: [...entries.level, ZERO] });
    this.rowOrder = order(data.rows);
    this.columnOrder = order(data.columns);
    // strips: [{ side: "top" | "bottom" | "left" | "right", grid, places? }], each a vector of that
    // grid, its cells where `places` says, else where those of the matrix's columns (rows) stand
    this.strips = data.strips.map(({ side, grid, places }) => {
      const across = side === "top" || side === "bottom";
      const stand = places ?? (across ? data.columns : data.rows);
      const cells = order(stand);
      return { side, cells, at: (cell) => place(stand, cell), grid: this.vector(grids[grid], cells, across) };
    });
  }
  vector(grid, cells, across) {
    const { role } = grid;
    const [long, one] = [line(cells.length), line(1)];
    return new Grid({
      name: `${grid.name}_vector`, of: grid.name, title: `${grid.title} as a vector`, note: "", role,
      planes: [""], rounded: [], rows: across ? one : long, cols: across ? long : one,
      cells: [cells.map(([p, r, c]) => grid.entry(p, grid.position(r, c)))], heat: this.grid.heat,
    }, grid);
  }
  row(cell) {
    return place(this.data.rows, cell);
  }
  column(cell) {
    return place(this.data.columns, cell);
  }
  position(site) {
    const column = this.column(site[this.ofColumn]);
    return column === null ? null : this.row(site.out) * this.data.width + column;
  }
  // The cells that a cell of this matrix or of one of its vectors stands for.
  resolve({ grid, cell: [, row, col] }) {
    if (grid === "matrix") {
      const site = this.siteAt.get(row * this.data.width + col);
      const ends = [[this.data.rows.grid, this.rowOrder[row]], [this.data.columns.grid, this.columnOrder[col]]];
      const entry = { grid: this.data.entries, of: this.ofEntry };
      return { grid, cell: [0, row, col], sites: site ? [site] : [], ends, entry };
    }
    const strip = this.strips.find((one) => one.grid.name === grid);
    if (!strip) return null;
    const across = strip.side === "top" || strip.side === "bottom";
    return { grid: strip.grid.of, cell: strip.cells[across ? col : row] };
  }
  // Adds to { "grid/plane": positions } what is lit in the matrix and its vectors.
  light(lit, focus, sites) {
    const cells = sites.map((site) => this.position(site)).filter((at) => at !== null);
    if (focus.grid === "matrix") cells.push(this.grid.position(focus.cell[1], focus.cell[2]));
    lit.set("matrix/0", new Set(cells));
    for (const { at: place, grid: { name, of } } of this.strips) {
      const { width, planes } = this.grids[of];
      const flat = planes.flatMap((_, p) => [...(lit.get(`${of}/${p}`) ?? [])].map((at) =>
        place([p, Math.floor(at / width), at % width])));
      lit.set(`${name}/0`, new Set(flat.filter((at) => at !== null)));
    }
  }
  // Outlines the row of an output cell.
  frame(drawings, out) {
    const row = this.row(out);
    const down = this.strips.filter(({ side }) => side === "left" || side === "right");
    for (const one of drawings) {
      if (one.grid === this.grid) one.frame([row], [0, one.grid.width - 1]);
      if (down.some(({ grid }) => grid === one.grid)) one.frame([row], [0]);
    }
  }
}

const line = (size) => ({ names: [...Array(size).keys()] });

function place({ planes, rows, cols }, [p, r, c]) {
  return rows[r] === null || cols[c] === null ? null : planes[p] + rows[r] + cols[c];
}

function order({ planes, rows, cols }) {
  const cells = [];
  planes.forEach((_, p) => rows.forEach((row, r) => cols.forEach((col, c) => {
    if (row !== null && col !== null) cells.push([p, r, c]);
  })));
  return cells;
}
