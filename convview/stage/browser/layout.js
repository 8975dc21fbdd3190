// How large a cell is: the largest size at which every grid fits its place, the same for all.

const GAP = 3;
const PLANE_GAP = 14;
const SHARES = {
  sliding: { left: 0.45, middle: 0.21, right: 0.34 },
  coverage: { left: 0.36, middle: 0.36, right: 0.28 },
  matrix: { left: 0.28, middle: 0, right: 0, matrix: 0.72 },
};
const NARROW = 620;
const TITLE = 32;

export const gapOf = (cell) => (cell > 24 ? GAP : cell > 10 ? 1 : 0);

// The best number of planes side by side, and the cell size that this allows.
export function fit({ planes, rows, cols, columns }, width, height) {
  let best = { cell: 0, columns: 1 };
  const choices = columns ? [columns] : [...Array(planes).keys()].map((k) => k + 1);
  for (const across of choices) {
    const down = Math.ceil(planes / across);
    const wide = (width - (across - 1) * PLANE_GAP) / (across * cols);
    const tall = (height - down * (planes > 1 ? 36 : 0)) / (down * rows);
    const cell = Math.min(wide, tall);
    if (cell > best.cell) best = { cell, columns: across };
  }
  return best;
}

// boxes: [{ place, planes, rows, cols, columns? }]. Returns { cell, gap, narrow, columns: [...] }.
export function layout(boxes, { view, width, height, present, lines }) {
  const narrow = width < NARROW;
  const shares = SHARES[view] ?? SHARES.sliding;
  let cell = present ? 110 : narrow ? 46 : 54;
  const columns = [];
  boxes.forEach((box) => {
    let share = shares[box.place] ?? 0.3;
    if (narrow) share = box.place === "left" ? 1 : view === "coverage" ? 0.5 : 0.46;
    const words = Math.min(lines * (present ? 42 : 24), height * 0.4) + 40;
    const room = height - TITLE - (box.place === "left" || narrow ? 0 : words);
    const found = fit(box, width * share - 18, room);
    columns.push(found.columns);
    cell = Math.min(cell, found.cell);
  });
  const gap = gapOf(cell);
  return { cell: Math.max(2, Math.floor(cell - gap)), gap, narrow, columns, shares };
}
