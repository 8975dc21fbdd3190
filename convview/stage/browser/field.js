// What one unit of a layer sees of the input: exactly which cells, and how often each is read.
//
// Python sends, for each row and each column of the output, which input cells it reads and how
// often; a cell of the input is read as often as its row times its column say.

import { element } from "./element.js";

const SIDE = 360; // px of the larger side of the input map
const SMALL = 200; // of the output map
const MANY = 1000; // cells, drawn as one picture
const STANDS = 400; // ms without another choice

export class Field {
  // send: called with the unit that was chosen, or null for the middle one
  constructor(send) {
    this.send = send;
    this.output = element("canvas", { class: "map", tabindex: "0", role: "application" });
    this.input = element("canvas", { class: "map", role: "img" });
    this.words = element("p", { "aria-live": "polite" });
    const figure = (map, title) => element("figure", {}, element("figcaption", {}, title), map);
    this.title = element("span");
    this.size = element("span");
    this.node = element("div", { class: "field", "data-testid": "field" },
      element("div", { class: "maps" }, figure(this.output, this.title), figure(this.input, this.size)), this.words);
    this.output.onpointermove = (event) => this.point(event);
    this.output.onpointerdown = (event) => {
      this.point(event);
      this.pin();
    };
    this.output.onpointerleave = () => this.rest();
    this.output.onkeydown = (event) => this.key(event);
  }
  load(view) {
    if (view.name !== this.view?.name) this.choose(view.unit);
    else if (!this.telling) this.pinned = view.unit; // else a newer choice is yet to be told
    this.view = view;
    [this.height, this.width] = [view.rows.length, view.cols.length];
    this.title.textContent = `Units of ${view.name}: choose one, or use the arrow keys`;
    this.size.textContent = `Input, ${view.input.join(" \u00d7 ")}`;
    this.output.setAttribute("aria-label", `Units of ${view.name}, ${this.height} by ${this.width}; arrow keys move`);
    this.rest();
  }
  redraw() {
    if (this.view) this.go(this.row, this.col);
  }
  choose(unit) {
    clearTimeout(this.telling);
    this.telling = null;
    this.pinned = unit;
  }
  // The pinned unit, or the middle one.
  rest() {
    this.go(...(this.pinned ?? [Math.floor(this.height / 2), Math.floor(this.width / 2)]));
  }
  // Python hears of it once the choice stands: it belongs to the link.
  pin() {
    this.choose([this.row, this.col]);
    const [row, col] = this.pinned;
    this.telling = setTimeout(() => {
      this.telling = null;
      this.send({ row, col });
    }, STANDS);
  }
  unpin() {
    this.choose(null);
    this.rest();
    this.send(null);
  }
  point(event) {
    const box = this.output.getBoundingClientRect();
    this.go(Math.floor(((event.clientY - box.top) / box.height) * this.height),
      Math.floor(((event.clientX - box.left) / box.width) * this.width));
  }
  key(event) {
    if (event.key === "Escape") return this.unpin();
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return undefined;
    event.preventDefault();
    this.go(this.row + move[0], this.col + move[1]);
    return this.pin();
  }
  go(row, col) {
    const keep = (at, size) => Math.min(size - 1, Math.max(0, at));
    this.row = keep(row, this.height);
    this.col = keep(col, this.width);
    this.node.dataset.row = this.row;
    this.node.dataset.col = this.col;
    const [top, down] = this.view.rows[this.row];
    const [left, across] = this.view.cols[this.col];
    const style = getComputedStyle(this.node);
    const [ink, line, paper] = ["--st-text-color", "--st-border-color", "--st-secondary-background-color"].map((name) => style.getPropertyValue(name));
    this.drawOutput(ink, paper, line);
    this.drawInput({ top, down, left, across }, ink, paper, line);
    this.write({ top, down, left, across });
  }
  drawOutput(ink, paper, line) {
    const { pen, scale } = canvas(this.output, this.height, this.width, SMALL);
    grid(pen, this.height, this.width, scale, paper, line);
    pen.fillStyle = ink;
    fill(pen, this.row, this.col, scale);
  }
  drawInput({ top, down, left, across }, ink, paper, line) {
    const [height, width] = this.view.input;
    const { pen, scale } = canvas(this.input, height, width, SIDE);
    grid(pen, height, width, scale, paper, line);
    const most = Math.max(...down, 0) * Math.max(...across, 0);
    const shade = (times, more) => (times && more ? 0.25 + (0.75 * times * more) / most : 0);
    pen.fillStyle = ink;
    if (down.length * across.length > MANY) return stamp(pen, { top, down, left, across }, scale, shade);
    down.forEach((times, r) => across.forEach((more, c) => {
      pen.globalAlpha = shade(times, more);
      if (pen.globalAlpha) fill(pen, top + r, left + c, scale);
    }));
    pen.globalAlpha = 1;
    return undefined;
  }
  write({ top, down, left, across }) {
    const [rows, cols] = [down, across].map((counts) => counts.filter(Boolean).length);
    const name = `Unit [${this.row}, ${this.col}]`;
    const span = (word, first, { length }) =>
      (length > 1 ? `${word}s ${first} to ${first + length - 1}` : `${word} ${first}`);
    const label = !rows || !cols ? `${name} ${this.view.nothing}.`
      : `${name} sees ${rows} \u00d7 ${cols} = ${(rows * cols).toLocaleString("en")} input cell${rows * cols > 1 ? "s" : ""}, `
        + `${span("row", top, down)}, ${span("column", left, across)}`
        + `${rows < down.length || cols < across.length ? ", with holes" : ""}; `
        + `${often(down.filter(Boolean), across.filter(Boolean))}.`;
    this.words.textContent = label;
    this.input.setAttribute("aria-label", label);
    this.node.dataset.cells = rows * cols;
  }
}

// How often the cells are read: all of them as often, or the one or several that are read most.
function often(down, across) {
  const [high, wide] = [down, across].map((counts) => counts.filter((n) => n === Math.max(...counts)).length);
  const cells = down.length * across.length;
  const times = Math.max(...down) * Math.max(...across);
  const said = times === 1 ? "once" : `${times > Number.MAX_SAFE_INTEGER ? "about " : ""}${times.toLocaleString("en")} times`;
  if (high * wide === cells) return `${cells > 1 ? "each " : ""}read ${said}`;
  return high * wide > 1 ? `the most read ones, the darkest, ${said} each` : `the most read one, the darkest, ${said}`;
}

function canvas(node, height, width, side) {
  const scale = side / Math.max(height, width);
  const sharp = window.devicePixelRatio || 1;
  node.width = Math.max(4, width * scale * sharp);
  node.height = Math.max(4, height * scale * sharp);
  node.style.width = `${node.width / sharp}px`;
  node.style.aspectRatio = `${node.width} / ${node.height}`;
  const pen = node.getContext("2d");
  pen.scale(sharp, sharp);
  return { pen, scale };
}

// Cell edges on whole pixels: no seams between neighbours.
function fill(pen, row, col, scale) {
  const [top, left, bottom, right] = [row, col, row + 1, col + 1].map((at) => Math.floor(at * scale));
  pen.fillRect(left, top, Math.max(2, right - left), Math.max(2, bottom - top));
}

// Many cells at once: a picture of one pixel for each, enlarged without smoothing.
function stamp(pen, { top, down, left, across }, scale, shade) {
  const small = new OffscreenCanvas(across.length, down.length);
  const brush = small.getContext("2d");
  brush.fillStyle = pen.fillStyle;
  brush.fillRect(0, 0, across.length, down.length);
  const picture = brush.getImageData(0, 0, across.length, down.length);
  down.forEach((times, r) => across.forEach((more, c) => {
    picture.data[4 * (r * across.length + c) + 3] = 255 * shade(times, more);
  }));
  brush.putImageData(picture, 0, 0);
  const [x, y, right, bottom] = [left, top, left + across.length, top + down.length].map((at) => Math.floor(at * scale));
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, x, y, right - x, bottom - y);
}

function grid(pen, height, width, scale, paper, line) {
  pen.fillStyle = paper;
  pen.fillRect(0, 0, width * scale, height * scale);
  if (scale < 5) return;
  pen.strokeStyle = line;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let row = 0; row <= height; row++) pen.rect(0, Math.floor(row * scale) + 0.5, width * scale, 0);
  for (let col = 0; col <= width; col++) pen.rect(Math.floor(col * scale) + 0.5, 0, 0, height * scale);
  pen.stroke();
}
