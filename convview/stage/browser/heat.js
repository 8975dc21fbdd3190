// A part of a grid drawn as a heat map: one pixel a cell, without digits.

import { element } from "./element.js";

export class Heat {
  constructor(on) {
    this.on = on;
    this.pixels = element("canvas", { class: "pixels" });
    this.marks = element("canvas", { class: "marks" });
    this.outline = element("div", { class: "window", "aria-hidden": "true", hidden: true });
    this.node = element("div", { class: "plane heat", role: "group", tabindex: "0" },
      this.pixels, this.marks, this.outline);
    this.node.onpointermove = (event) => {
      const cell = this.cellAt(event);
      if (event.pointerType !== "mouse" || `${cell}` === `${this.hovered}`) return;
      this.hovered = cell;
      on.enter(cell);
    };
    this.node.onpointerleave = () => {
      this.hovered = null;
      on.leave();
    };
    this.node.onclick = (event) => {
      this.cursor = this.cellAt(event);
      on.press(this.cursor, event);
    };
    this.node.addEventListener("focusout", () => on.leave());
    this.node.onkeydown = (event) => this.keydown(event);
  }

  draw(view, { label, palette }) {
    this.view = view;
    this.palette = palette;
    const { grid, plane } = view;
    this.node.setAttribute("aria-label", `${label}: heat map, arrow keys move over the cells`);
    this.node.dataset.grid = grid.name;
    this.node.style.setProperty("--columns", grid.width);
    this.node.style.setProperty("--rows", grid.height);
    this.pixels.width = grid.width;
    this.pixels.height = grid.height;
    this.image = new ImageData(grid.width, grid.height);
    const cells = grid.cells[plane];
    const pads = [grid.rows, grid.cols].map((line) =>
      line.source ? [] : line.names.map((_, k) => line.marks?.[k]?.startsWith("pad")));
    for (let p = 0; p < cells.length; p++) {
      const pad = pads[0][Math.floor(p / grid.width)] || pads[1][p % grid.width];
      const [r, g, b] = palette.rgb[grid.level[cells[p]]];
      this.image.data.set([r, g, b, pad ? 0 : 255], 4 * p);
    }
    this.pixels.getContext("2d").putImageData(this.image, 0, 0);
    this.light([]);
  }

  // Lit cells are ringed; those of the step only counted: the window shows them.
  light(positions, linking = false) {
    const { grid } = this.view;
    const scale = Math.max(3, Math.round(this.pitch ?? 3));
    this.marks.width = grid.width * scale;
    this.marks.height = grid.height * scale;
    const pen = this.marks.getContext("2d");
    this.hatch(pen, scale);
    pen.strokeStyle = this.palette.css.text;
    pen.lineWidth = Math.max(1, scale / 6);
    const inset = pen.lineWidth / 2;
    for (const position of (linking && positions) || []) {
      const [row, col] = [Math.floor(position / grid.width), position % grid.width];
      pen.strokeRect(col * scale + inset, row * scale + inset, scale - 2 * inset, scale - 2 * inset);
    }
    this.node.dataset.lit = [...(positions ?? [])].length;
  }

  // Never-read rows and columns are crossed by thin strokes.
  hatch(pen, scale) {
    const { grid } = this.view;
    pen.strokeStyle = this.palette.css.pad;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let row = 0; row < grid.height; row++) {
      for (let col = 0; col < grid.width; col++) {
        if (!/leftover|gap|hole/.test(grid.marks(row, col))) continue;
        pen.moveTo(col * scale, (row + 1) * scale);
        pen.lineTo((col + 1) * scale, row * scale);
      }
    }
    pen.stroke();
  }

  frame(rows, cols) {
    this.outline.hidden = false;
    this.outline.style.cssText = `--top:${rows[0]};--left:${cols[0]};` +
      `--tall:${rows.at(-1) - rows[0] + 1};--wide:${cols.at(-1) - cols[0] + 1}`;
  }
  unframe() {
    this.outline.hidden = true;
  }
  // Without digits there is nothing that fills up: only what is still to come.
  show({ veiled }) {
    if (!veiled) return;
    const { data } = this.image;
    for (let p = 0; p < data.length / 4; p++) data[4 * p + 3] = ALPHA[veiled(p)];
    this.pixels.getContext("2d").putImageData(this.image, 0, 0);
  }
  nodeOf() {
    return null;
  }

  cellAt(event) {
    const box = this.pixels.getBoundingClientRect();
    const { grid, plane } = this.view;
    const at = (x, low, size, count) =>
      Math.min(count - 1, Math.max(0, Math.floor(((x - low) / size) * count)));
    return [plane, at(event.clientY, box.top, box.height, grid.height),
      at(event.clientX, box.left, box.width, grid.width)];
  }
  keydown(event) {
    const { grid, plane } = this.view;
    const [, row, col] = this.cursor ?? [plane, 0, 0];
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!move[event.key]) return this.on.key([plane, row, col], event);
    const [down, right] = move[event.key];
    const keep = (at, count) => Math.min(count - 1, Math.max(0, at));
    this.cursor = [plane, keep(row + down, grid.height), keep(col + right, grid.width)];
    this.on.enter(this.cursor);
    event.preventDefault();
    event.stopPropagation();
  }
}

const ALPHA = { "": 255, future: 90, hidden: 0 };
