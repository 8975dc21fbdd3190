// How large the cells are: the largest size at which every grid fits its column.
//
// All grids share one size, so that a window and its kernel look alike. Where that would be too
// small to read, and on a phone, each grid takes the size that its own column allows.

const NARROW = 620; // px of stage width; below it the columns stand below each other
const READABLE = 26; // px of a cell
const TITLE = 38; // px of a grid's title with the space around it
const CAPTION = 26; // px above each named plane, the space before it included
const PLANE_GAP = 14;
const SMALLEST_ROOM = 28; // px, for a grid of one row in a column of taller ones
const LARGEST = { wide: 54, narrow: 46, present: 108 };

export const HALF = 0.34; // of the width at most: on a phone two such columns stand side by side

export const gapOf = (cell) => (cell > 24 ? 3 : cell > 10 ? 1 : 0);

// boxes: [{ column, planes, rows, cols, across?, heat }]; columns: [{ share, first, lines }],
// `first` of its way, `lines` of written sum below it. Returns { narrow, cells: [{ cell, gap, across }] }, in the order of boxes.
export function layout(boxes, columns, { width, height, present }) {
  const narrow = width < NARROW;
  const largest = present ? LARGEST.present : narrow ? LARGEST.narrow : LARGEST.wide;
  const own = boxes.map((box) => {
    const stack = boxes.filter(({ column }) => column === box.column);
    const { share, first, lines } = columns[box.column];
    const words = lines ? Math.min(lines * (present ? 42 : 24), height * 0.36) + 40 : 0;
    const room = narrow ? height * 0.72 : height - words;
    const part = tall(box) / stack.reduce((sum, one) => sum + tall(one), 0);
    const across = narrow ? (share > HALF || first ? 1 : 0.48) : share;
    const down = Math.max(SMALLEST_ROOM, (room - TITLE * stack.length) * part);
    return fit(box, width * across - 20, down, largest);
  });
  const least = Math.min(...own.filter((_, n) => boxes[n].rows > 1).map(({ cell }) => cell), largest);
  const shared = !narrow && least >= READABLE && !boxes.some(({ heat }) => heat);
  return { narrow, cells: own.map((one) => sized(one, shared ? Math.min(least, one.cell) : one.cell)) };
}

// Rows of cells that a grid takes, its planes in about a square where their number per row is free.
function tall({ planes, rows, across }) {
  return rows * Math.ceil(planes / (across ?? Math.ceil(Math.sqrt(planes))));
}

// The number of planes side by side that allows the largest cells.
function fit({ planes, rows, cols, across, heat }, width, height, largest) {
  let best = { cell: 0, across: 1 };
  for (let n = across ?? 1; n <= (across ?? planes); n++) {
    const down = Math.ceil(planes / n);
    const wide = (width - (n - 1) * PLANE_GAP) / (n * cols);
    const high = (height - (planes > 1 ? down * CAPTION : 0)) / (down * rows);
    const cell = Math.min(wide, high, largest);
    if (cell > best.cell) best = { cell, across: n };
  }
  return { ...best, heat };
}

function sized({ across, heat }, size) {
  const gap = heat ? 0 : gapOf(size);
  return { across, gap, cell: heat ? Math.max(1, size) : Math.max(2, Math.floor(size - gap)) };
}
