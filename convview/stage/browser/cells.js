// A part of a grid drawn as cells with the number inside.

import { element } from "./element.js";

export class Cells {
  // on: { enter(cell), leave(), press(cell, event), key(cell, event) }, cell = [plane, row, col]
  constructor(on) {
    this.on = on;
    this.body = element("div", { class: "cells", role: "grid" });
    this.outline = element("div", { class: "window", "aria-hidden": "true", hidden: true });
    this.node = element("div", { class: "plane" }, this.body, this.outline);
    this.nodes = new Map();
    this.lit = [];
    this.tapped = [];
    this.pool = [];
    this.lines = [];
    this.node.onpointerover = (event) => {
      const cell = this.cellOf(event.target);
      if (cell && event.pointerType === "mouse") on.enter(cell);
    };
    this.node.onpointerleave = () => on.leave();
    this.node.onclick = (event) => {
      const cell = this.cellOf(event.target);
      if (cell) on.press(cell, event);
    };
    this.node.onkeydown = (event) => this.keydown(event);
    // There is no property for these two events.
    this.node.addEventListener("focusin", (event) => {
      const cell = this.cellOf(event.target);
      if (cell && event.target.classList.contains("cell")) {
        this.rove(event.target);
        on.enter(cell);
      }
    });
    this.node.addEventListener("focusout", () => on.leave());
  }

  draw(view, palette, { magnified = false, label }) {
    const { grid, plane, rows, cols } = view;
    const key = `${grid.name}/${plane}/${rows.length}x${cols.length}`;
    if (key !== this.key) this.build(view);
    this.key = key;
    this.view = view;
    this.body.setAttribute("aria-label", label);
    this.node.classList.toggle("magnified", magnified);
    this.node.style.setProperty("--columns", cols.length);
    this.node.style.setProperty("--digit", digitSize(grid));
    this.nodes.clear();
    rows.forEach((row, a) => {
      cols.forEach((col, b) => {
        const position = grid.position(row, col);
        const node = this.table[a][b];
        this.nodes.set(position, node);
        this.fill(node, grid, plane, row, col, palette);
      });
    });
    for (const node of this.lit) delete node.dataset.lit;
    this.lit = [];
    if (!this.body.querySelector('[tabindex="0"]')) this.rove(this.table[0][0]);
  }

  // Cells are made once and taken up again: a slider changes how many are shown, not what they are.
  build({ grid, rows, cols }) {
    const make = () =>
      element("div", { class: "cell", role: "gridcell", tabindex: "-1", "data-grid": grid.name },
        element("span", { class: "digits" }), element("span", { class: "tap" }));
    while (this.pool.length < rows.length * cols.length) this.pool.push(make());
    while (this.lines.length < rows.length) {
      this.lines.push(element("div", { class: "row", role: "row" }));
    }
    this.table = rows.map((_, a) => this.pool.slice(a * cols.length, (a + 1) * cols.length));
    this.unframe();
    this.body.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    this.table.forEach((line, a) => this.lines[a].replaceChildren(...line));
    this.body.replaceChildren(...this.lines.slice(0, rows.length));
  }

  fill(node, grid, plane, row, col, palette) {
    const entry = grid.entry(plane, grid.position(row, col));
    const level = grid.level[entry];
    const marks = grid.marks(row, col);
    node.cell = [plane, row, col];
    const [name, other, value] = [grid.rows.names[row], grid.cols.names[col], grid.values[entry]];
    const drawn = `${name} ${other} ${value} ${level} ${marks} ${palette.name}`;
    if (node.drawn === drawn && !node.dataset.veil) return;
    node.drawn = drawn;
    node.dataset.row = name;
    node.dataset.col = other;
    node.dataset.channel = plane;
    node.dataset.value = value;
    delete node.dataset.veil;
    node.className = `cell ${marks}${node.classList.contains("editing") ? " editing" : ""}`;
    const bare = marks.includes("pad") && !grid.rows.source;
    node.style.background = bare ? "" : palette.fill[level];
    node.style.color = bare ? "" : palette.ink[level];
    const digits = node.firstChild;
    digits.textContent = grid.labels[entry];
    const unread = /leftover|gap|hole/.test(marks);
    node.title = unread ? `${grid.labels[entry]}, never read` : grid.longest > 4 ? grid.values[entry] : "";
  }

  // Light the cells at these positions; the rest goes dark.
  light(positions) {
    for (const node of this.lit) delete node.dataset.lit;
    this.lit = [];
    for (const position of positions ?? []) {
      const node = this.nodes.get(position);
      if (!node) continue;
      node.dataset.lit = "1";
      this.lit.push(node);
    }
  }

  // Outline the span of the window and print each weight in the cell that it multiplies.
  frame(rows, cols, weights) {
    const { view } = this;
    const [a, b] = [view.rows.indexOf(rows[0]), view.rows.indexOf(rows.at(-1))];
    const [c, d] = [view.cols.indexOf(cols[0]), view.cols.indexOf(cols.at(-1))];
    this.outline.style.cssText =
      `--top:${a};--left:${c};--tall:${b - a + 1};--wide:${d - c + 1}`;
    this.outline.hidden = a < 0 || b < 0 || c < 0 || d < 0;
    const longest = Math.max(0, ...[...(weights?.values() ?? [])].map((weight) => weight.length));
    this.node.style.setProperty("--tap", Math.min(0.25, 1.5 / (longest + 1)));
    this.node.classList.toggle("long-taps", longest > 5);
    const tapped = [];
    weights?.forEach((weight, position) => {
      const node = this.nodes.get(position);
      if (!node) return;
      node.lastChild.textContent = `\u00d7${weight}`;
      node.classList.add("tapped");
      tapped.push(node);
    });
    const kept = new Set(tapped);
    for (const node of this.tapped) {
      if (kept.has(node)) continue;
      node.lastChild.textContent = "";
      node.classList.remove("tapped");
    }
    this.tapped = tapped;
  }

  unframe() {
    this.outline.hidden = true;
    for (const node of this.tapped) {
      node.lastChild.textContent = "";
      node.classList.remove("tapped");
    }
    this.tapped = [];
  }

  // Cells whose turn has not come are pale ("future"); in predict mode they ask ("hidden").
  veil(which) {
    const { grid, plane } = this.view;
    this.nodes.forEach((node, position) => {
      const state = which(position);
      if (node.dataset.veil === state) return;
      node.dataset.veil = state;
      const entry = grid.entry(plane, position);
      node.firstChild.textContent = state === "hidden" ? "?" : grid.labels[entry];
      if (state === "hidden") node.title = "";
      if (state === "hidden") delete node.dataset.value;
      else node.dataset.value = grid.values[entry];
    });
  }

  nodeOf([, row, col]) {
    return this.nodes.get(this.view.grid.position(row, col));
  }
  cellOf(target) {
    return target.closest?.(".cell")?.cell;
  }
  rove(node) {
    this.body.querySelectorAll('[tabindex="0"]').forEach((old) => old.setAttribute("tabindex", "-1"));
    node.setAttribute("tabindex", "0");
  }
  keydown(event) {
    const node = event.target;
    if (!node.classList.contains("cell")) return;
    const [, row, col] = node.cell;
    const a = this.view.rows.indexOf(row);
    const b = this.view.cols.indexOf(col);
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (move[event.key]) {
      const [down, right] = move[event.key];
      this.table[a + down]?.[b + right]?.focus();
      event.preventDefault();
      event.stopPropagation();
    } else this.on.key(node.cell, event);
  }
}

// Digits as a part of the cell, by the length of the longest label: each fits its cell.
const DIGIT_SIZE = [0.55, 0.55, 0.55, 0.44, 0.36, 0.3, 0.26, 0.22];

export const digitSize = ({ longest }) => DIGIT_SIZE[Math.min(longest, 7)];
