// One picture or map: a pixel for each cell, enlarged without smoothing.

import { element } from "./element.js";

const COARSE = 128; // cells of a side: fewer are drawn as squares
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Panel {
  // act: called with {act, row, col, plane} when a cell was chosen
  constructor(act) {
    this.act = act;
    this.pixels = element("canvas", { class: "pixels" });
    this.above = element("canvas", { class: "pixels above", hidden: true, "aria-hidden": "true" });
    this.window = element("div", { class: "window", hidden: true, "aria-hidden": "true" });
    this.map = element("div", { class: "map" }, this.pixels, this.above, this.window);
    this.title = element("span");
    this.note = element("small");
    this.swipe = element("input", { type: "range", min: 0, max: 100, value: 0, "aria-label": "Picture over the answer",
      oninput: () => this.reveal() });
    this.under = element("label", { class: "swipe", hidden: true }, element("span", {}, "Picture over the answer"), this.swipe);
    this.node = element("figure", {}, element("figcaption", {}, this.title, this.note), this.map, this.under);
    this.map.onclick = (event) => this.choose(...this.cellAt(event));
    this.map.onkeydown = (event) => this.key(event);
  }
  load(head, bytes) {
    Object.assign(this, { head, bytes, painted: null });
    this.node.dataset.panel = head.name;
    this.title.textContent = head.title;
    this.note.textContent = head.note;
    this.node.style.setProperty("--ratio", head.cols / head.rows);
    this.map.classList.toggle("coarse", Math.max(head.cols, head.rows) <= COARSE);
    this.map.style.aspectRatio = `${head.cols} / ${head.rows}`;
    const label = `${head.title}, ${head.height} by ${head.width}${head.note && `, ${head.note}`}`;
    const acts = { look: "; arrow keys choose a cell to look at", point: "; Enter puts a point or takes it" }[head.act] ?? "";
    this.map.setAttribute("aria-label", label + acts);
    this.map.setAttribute("role", acts ? "application" : "img");
    if (acts) this.map.tabIndex = 0;
    else this.map.removeAttribute("tabindex");
    this.map.classList.toggle("acts", Boolean(acts));
  }
  // The same canvas is not painted again: only another theme or other bytes do that.
  paint(palette) {
    if (this.painted === palette) return;
    this.painted = palette;
    const { rows, cols, kind } = this.head;
    const image = new ImageData(cols, rows);
    const into = new Uint32Array(image.data.buffer);
    const size = rows * cols;
    const { bytes } = this;
    const inks = kind === "levels" ? palette.rgb.map(([r, g, b]) => colour(r, g, b))
      : Array.from({ length: 256 }, (_, grey) => colour(grey, grey, grey));
    if (kind === "colour") for (let p = 0; p < size; p++) into[p] = colour(bytes[p], bytes[size + p], bytes[2 * size + p]);
    else for (let p = 0; p < size; p++) into[p] = inks[bytes[p]];
    this.image = image;
    Object.assign(this.pixels, { width: cols, height: rows });
    this.pixels.getContext("2d").putImageData(image, 0, 0);
    if (this.covered) this.lay();
  }
  // Another panel's picture above this one, as far as it is wiped over.
  cover(other) {
    const fits = other && other !== this && other.head.kind !== "levels"
      && other.head.rows === this.head.rows && other.head.cols === this.head.cols;
    this.covered = fits ? other : null;
    this.under.hidden = !fits;
    this.above.hidden = !fits;
    this.reveal();
  }
  lay() {
    const { image, head } = this.covered;
    Object.assign(this.above, { width: head.cols, height: head.rows });
    this.above.getContext("2d").putImageData(image, 0, 0);
  }
  reveal() {
    this.swipe.style.setProperty("--part", this.swipe.value / 100);
    this.above.style.clipPath = `inset(0 ${100 - this.swipe.value}% 0 0)`;
  }
  // First and last row and column, in cells, or nothing.
  outline(rows, cols) {
    this.window.hidden = !rows;
    if (!rows) return;
    const { height, width } = this.head;
    const part = (at, size) => `${(100 * Math.min(size, Math.max(0, at))) / size}%`;
    Object.assign(this.window.style, {
      top: part(rows[0], height), left: part(cols[0], width),
      bottom: part(height - rows[1] - 1, height), right: part(width - cols[1] - 1, width),
    });
  }
  cellAt(event) {
    const box = this.map.getBoundingClientRect();
    return [Math.floor(((event.clientY - box.top) / box.height) * this.head.height),
      Math.floor(((event.clientX - box.left) / box.width) * this.head.width)];
  }
  key(event) {
    if (!this.head.act) return;
    const { height, width, act } = this.head;
    const keep = (at, size) => Math.min(size - 1, Math.max(0, at));
    this.row ??= Math.floor(height / 2);
    this.col ??= Math.floor(width / 2);
    if (event.key === "Enter" || event.key === " ") this.choose(this.row, this.col);
    else if (MOVES[event.key]) {
      const [down, right] = MOVES[event.key];
      [this.row, this.col] = [keep(this.row + down, height), keep(this.col + right, width)];
      if (act === "look") this.choose(this.row, this.col);
      else this.outline([this.row, this.row], [this.col, this.col]);
    } else return;
    event.preventDefault();
  }
  choose(row, col) {
    const { act, plane, height, width } = this.head;
    if (!act || row < 0 || col < 0 || row >= height || col >= width) return;
    this.act({ act, row, col, plane });
  }
}

// As the bytes of an image stand in memory, opaque.
const colour = (red, green, blue) => (255 << 24) | (blue << 16) | (green << 8) | red;
