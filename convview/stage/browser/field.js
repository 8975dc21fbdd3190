// What one unit of a layer sees of the input: exactly which cells, and how often each is read.
//
// Python sends, for each row and each column of the output, which input cells it reads and how
// often; a cell of the input is read as often as its row times its column say.

import { element } from "./element.js";
import { unpack } from "./packed.js";

const SIDE = 360; // px of the larger side of the input map
const SMALL = 200; // of the output map
const STANDS = 400; // ms without another choice
const shown = new WeakMap();

export default async function show({ data, parentElement, setTriggerValue }) {
  if (!shown.has(parentElement)) shown.set(parentElement, new Field(parentElement));
  const field = shown.get(parentElement);
  field.send = (unit) => setTriggerValue("pin", { unit });
  field.latest = data;
  const view = await unpack(data);
  if (field.latest === data) field.load(view);
  return () => shown.delete(parentElement);
}

class Field {
  constructor(parent) {
    this.output = element("canvas", { class: "map", tabindex: "0", role: "application" });
    this.input = element("canvas", { class: "map", role: "img" });
    this.words = element("p", { "aria-live": "polite" });
    const figure = (map, title) => element("figure", {}, element("figcaption", {}, title), map);
    this.title = element("span");
    this.size = element("span");
    this.node = element("div", { class: "field", "data-testid": "field" },
      element("div", { class: "maps" }, figure(this.output, this.title), figure(this.input, this.size)), this.words);
    parent.append(this.node);
    this.output.onpointermove = (event) => this.point(event);
    this.output.onpointerdown = (event) => {
      this.point(event);
      this.pin();
    };
    this.output.onpointerleave = () => this.rest();
    this.output.onkeydown = (event) => this.key(event);
  }
  load(view) {
    this.view = view;
    [this.height, this.width] = [view.rows.length, view.cols.length];
    this.title.textContent = `Units of ${view.name}: choose one, or use the arrow keys`;
    this.size.textContent = `Input, ${view.input.join(" \u00d7 ")}`;
    this.output.setAttribute("aria-label", `Units of ${view.name}, ${this.height} by ${this.width}; arrow keys move`);
    this.pinned = view.unit;
    this.rest();
  }
  // The pinned unit, or the middle one.
  rest() {
    this.go(...(this.pinned ?? [Math.floor(this.height / 2), Math.floor(this.width / 2)]));
  }
  // Python hears of it once the choice stands: it belongs to the link.
  pin() {
    this.pinned = [this.row, this.col];
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.send({ row: this.row, col: this.col }), STANDS);
  }
  unpin() {
    clearTimeout(this.telling);
    this.pinned = null;
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
    pen.fillStyle = ink;
    down.forEach((times, r) => across.forEach((more, c) => {
      if (!times || !more) return;
      pen.globalAlpha = 0.25 + (0.75 * times * more) / most;
      fill(pen, top + r, left + c, scale);
    }));
    pen.globalAlpha = 1;
  }
  write({ top, down, left, across }) {
    const [rows, cols] = [down, across].map((counts) => counts.filter(Boolean).length);
    const name = `Unit [${this.row}, ${this.col}]`;
    const span = (word, first, { length }) =>
      (length > 1 ? `${word}s ${first} to ${first + length - 1}` : `${word} ${first}`);
    const label = !rows || !cols ? `${name} sees no input cell: no tap comes from one.`
      : `${name} sees ${rows} \u00d7 ${cols} = ${rows * cols} input cell${rows * cols > 1 ? "s" : ""}, `
        + `${span("row", top, down)}, ${span("column", left, across)}`
        + `${rows < down.length || cols < across.length ? ", with holes" : ""}; `
        + `${often(Math.max(...down) * Math.max(...across))}.`;
    this.words.textContent = label;
    this.input.setAttribute("aria-label", label);
    this.node.dataset.cells = rows * cols;
  }
}

const often = (times) => (times === 1 ? "each read once"
  : `the most read one ${times.toLocaleString("en")} times`);

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
