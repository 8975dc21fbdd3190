// How large the cells are: the largest size at which every grid fits its place.
//
// All grids share one size, so that a window and its kernel look alike. Where that would be too
// small to read, and on a phone, each grid takes the size that its own place allows.

const SHARES = {
  sliding: { left: 0.45, middle: 0.22, right: 0.33 },
  channels: { left: 0.4, middle: 0.28, right: 0.32 },
  coverage: { left: 0.37, middle: 0.37, right: 0.26 },
  matrix: { left: 0.3, matrix: 0.7 },
};
const NARROW = 620; // px of stage width; below it the places stand below each other
const READABLE = 26; // px of a cell
const TITLE = 34;
const CAPTION = 26; // px above each named plane, the space before it included
const FOLLOWER = 66; // px of a small grid below the first of its place: the bias
const PLANE_GAP = 14;
const LARGEST = { wide: 54, narrow: 46, present: 108 };

export const gapOf = (cell) => (cell > 24 ? 3 : cell > 10 ? 1 : 0);

// boxes: [{ place, planes, rows, cols, across?, heat }]; lines: how many the written sum takes.
// Returns { narrow, shares, cells: [{ cell, gap, across }] }, in the order of the boxes.
export function layout(boxes, { view, width, height, present, lines }) {
  const narrow = width < NARROW;
  const channels = boxes.some(({ across }) => across > 1);
  const shares = SHARES[view === "sliding" && channels ? "channels" : view];
  const largest = present ? LARGEST.present : narrow ? LARGEST.narrow : LARGEST.wide;
  const words = Math.min(lines * (present ? 42 : 24), height * 0.36) + 40;
  const own = boxes.map((box) => {
    const share = !narrow ? shares[box.place] : box.place === "left" ? 1 : 0.48;
    let room = height - TITLE;
    if (box.place !== "left" && !narrow) room -= words;
    if (view === "matrix" && box.place === "left") room *= 0.55;
    if (narrow) room = height * 0.62;
    const stack = boxes.filter(({ place }) => place === box.place);
    if (box !== stack[0]) return fit(box, width * share - 20, FOLLOWER - 30, largest);
    return fit(box, width * share - 20, room - FOLLOWER * (stack.length - 1), largest);
  });
  const least = Math.min(...own.filter((_, n) => boxes[n].rows > 1).map(({ cell }) => cell), largest);
  const shared = !narrow && least >= READABLE && !boxes.some(({ heat }) => heat);
  return { narrow, shares, cells: own.map((one) => sized(one, shared ? Math.min(least, one.cell) : one.cell)) };
}

// The number of planes side by side that allows the largest cells.
function fit({ planes, rows, cols, across, heat }, width, height, largest) {
  let best = { cell: 0, across: 1 };
  for (let n = across ?? 1; n <= (across ?? planes); n++) {
    const down = Math.ceil(planes / n);
    const wide = (width - (n - 1) * PLANE_GAP) / (n * cols);
    const tall = (height - (planes > 1 ? down * CAPTION : 0)) / (down * rows);
    const cell = Math.min(wide, tall, largest);
    if (cell > best.cell) best = { cell, across: n };
  }
  return { ...best, heat };
}

function sized({ across, heat }, size) {
  const gap = heat ? 0 : gapOf(size);
  return { across, gap, cell: heat ? Math.max(1, size) : Math.max(2, Math.floor(size - gap)) };
}
