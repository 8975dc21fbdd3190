// The grids of a scene, and parts of them, as they are looked up while drawing.
//
// A cell is named [plane, row, col], positions in the grid as shown, padding included. Numbers,
// labels and colour levels come from Python; nothing is computed from them here.

const FILLERS = ["ring", "appended", "between"];

export class Grid {
  // The data of a scene, or a grid made of another's numbers (`of`): see matrix.js.
  constructor({ values, labels, levels, cells, digits, history, ...data }, of) {
    Object.assign(this, data);
    this.height = data.rows.names.length;
    this.width = data.cols.names.length;
    this.labels = of?.labels ?? texts(labels, values);
    this.values = of?.values ?? numbers(values);
    this.level = of?.level ?? codes(levels, 2);
    this.cells = of ? cells : cells.map((plane) => codes(plane, digits));
    this.history = history && codes(history, digits);
    this.longest = Math.max(...this.labels.map((label) => label.length));
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
    return this.isCut(this.entry(plane, this.position(row, col)));
  }
  isCut(entry) {
    return this.rounded.includes(entry);
  }
  value([plane, row, col]) {
    return this.values[this.entry(plane, this.position(row, col))];
  }
  // Whether a cell is marked as different from what it stands beside.
  isDifferent(plane, position) {
    return Boolean(this.differs) && this.differs.includes(plane * this.height * this.width + position);
  }
  marks(row, col) {
    const all = [this.rows.marks?.[row], this.cols.marks?.[col]].filter(Boolean).join(" ");
    const filler = FILLERS.find((word) => all.includes(word)); // of both axes the outer one
    return filler ? `pad ${filler}` : all;
  }
  // Whether a cell is a zero that was put into an upstream map, and which kind.
  filler([, row, col]) {
    return FILLERS.find((word) => this.marks(row, col).includes(word));
  }
  isFiller(cell) {
    return Boolean(this.filler(cell));
  }
  // "x[2, 3]"; with the index of the plane "x[0, 2, 3]", of a weight "w[1, 0, 2, 3]"; "dp[3]".
  spell(symbol, [plane, row, col]) {
    const at = { rows: row, cols: col };
    const within = this.axes.map((axis) => minus(this[axis].names[at[axis]]));
    return `${symbol}[${[...this.places[plane], ...within].join(", ")}]`;
  }
}

// Whole numbers of so many hexadecimal digits each.
function codes(text, digits) {
  return Uint16Array.from({ length: text.length / digits }, (_, n) =>
    parseInt(text.slice(n * digits, (n + 1) * digits), 16));
}

// Labels; an empty one is the number as it is written, with a true minus sign.
function texts(labels, values) {
  const written = values.split(" ");
  return labels.split(" ").map((label, n) => label || minus(written[n]));
}

// Decimals, or behind "=" the bytes of doubles in base64: see convview/scene.py.
function numbers(text) {
  if (!text.startsWith("=")) return text.split(" ").map(Number);
  const bytes = Uint8Array.from(atob(text.slice(1)), (char) => char.charCodeAt(0));
  return [...new Float64Array(bytes.buffer)];
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
