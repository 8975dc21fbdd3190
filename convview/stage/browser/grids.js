// The grids of a scene, and parts of them, as they are looked up while drawing.
//
// A cell is named [plane, row, col], positions in the grid as shown, padding included. Numbers,
// labels and colour levels come from Python; nothing is computed from them here.

export class Grid {
  constructor(data) {
    Object.assign(this, data);
    this.height = data.rows.names.length;
    this.width = data.cols.names.length;
    this.level = Uint8Array.from(data.levels.match(/../g) ?? [], (hex) => parseInt(hex, 16));
    this.longest = Math.max(...data.labels.map((label) => label.length));
  }
  position(row, col) {
    return row * this.width + col;
  }
  entry(plane, position) {
    return this.cells[plane][position];
  }
  label([plane, row, col]) {
    return this.labels[this.entry(plane, this.position(row, col))];
  }
  // Whether the label of a cell is not its whole value.
  isRounded([plane, row, col]) {
    return this.rounded.includes(this.entry(plane, this.position(row, col)));
  }
  value([plane, row, col]) {
    return this.values[this.entry(plane, this.position(row, col))];
  }
  marks(row, col) {
    const { rows, cols } = this;
    return [rows.marks?.[row], cols.marks?.[col]].filter(Boolean).join(" ");
  }
  // "x[2, 3]", or "x[0, 2, 3]" where there is more than one plane.
  spell(symbol, [plane, row, col]) {
    const index = [this.rows.names[row], this.cols.names[col]].map(minus);
    if (this.planes.length > 1) index.unshift(plane);
    return `${symbol}[${index.join(", ")}]`;
  }
}

const minus = (index) => String(index).replace("-", "\u2212");

// The rectangle of a grid's plane that one drawing shows: all of it, or chosen rows and columns.
export function whole(grid, plane) {
  return part(grid, plane, [...Array(grid.height).keys()], [...Array(grid.width).keys()]);
}

export function part(grid, plane, rows, cols) {
  return { grid, plane, rows, cols };
}

// Positions around `at`, at most `reach` to each side: what a magnified window shows of an output.
export function around(at, reach, size) {
  const low = Math.max(0, Math.min(at - reach, size - 2 * reach - 1));
  return Array.from({ length: Math.min(size, 2 * reach + 1) }, (_, k) => low + k);
}
