// The magnified window: the cells of the current step with their digits, where the grids
// themselves are too small to have any.

import { Cells } from "./cells.js";
import { element } from "./element.js";
import { around, part } from "./grids.js";

const SMALLEST = 22; // px of a cell

export class Lens {
  constructor(handlers) {
    this.handlers = handlers; // (grid) => what Cells calls
    this.node = element("div", { class: "lens" });
    this.views = [];
  }
  // Which parts of which grids belong to this step.
  parts({ taps }, [plane, i, j]) {
    const { sweep, read, out } = taps;
    const windows = sweep.pairs[plane].map(([c]) =>
      ({ grid: read, plane: c, rows: sweep.rows[i], cols: sweep.cols[j], title: `Window ${read.planes[c]}`.trim() }));
    const here = { grid: out, plane, rows: around(i, 1, out.height), cols: around(j, 1, out.width),
      title: `${out.title} here` };
    return [...windows, here].filter(({ rows, cols }) => rows.length && cols.length);
  }
  clear() {
    if (this.views.length) this.node.replaceChildren();
    this.key = null;
    this.views = [];
  }
  // shown(drawing): what its cells hold, as `show` takes it
  draw(way, out, { lit, size, room, shown }) {
    const parts = this.parts(way, out);
    const key = parts.map(({ grid, plane }) => `${grid.name}${plane}`).join();
    if (key !== this.key) {
      this.key = key;
      this.views = parts.map(({ grid }) => new Cells(this.handlers(grid)));
      this.node.replaceChildren(...this.views.map((view, n) => element("figure",
        { class: `named role-${parts[n].grid.role}` }, element("figcaption", {}, parts[n].title), view.node)));
    }
    const wide = Math.max(...parts.map(({ cols }) => cols.length));
    const tall = Math.max(...parts.map(({ rows }) => rows.length));
    const cell = Math.max(SMALLEST, Math.min(size, (room - 60) / (wide + 3), (5 * size) / tall));
    this.node.style.setProperty("--cell", `${cell}px`);
    this.node.style.setProperty("--gap", "3px");
    this.views.forEach((view, n) => {
      const { grid, plane, rows, cols, title } = parts[n];
      const steps = grid === way.taps.out;
      view.draw(part(grid, plane, rows, cols), { label: title, magnified: true });
      view.show(shown(parts[n]));
      view.node.classList.toggle("steps", steps);
      view.light(lit.get(`${grid.name}/${plane}`));
      if (steps) view.frame([out[1]], [out[2]]);
      else view.frame(rows, cols, way.framed.get(plane));
    });
  }
}
