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
    this.lit = new Set();
    this.tapped = [];
    this.lines = new Map(); // by the coordinate of the row
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

  // Puts the cells in their places; `show` then fills them.
  draw(view, { magnified = false, label }) {
    const { grid, plane, rows, cols } = view;
    this.view = view;
    const names = [rows.map((row) => grid.rows.names[row]), cols.map((col) => grid.cols.names[col])];
    const key = `${grid.name}/${plane}/${names.join("/")}`;
    if (key !== this.key) this.build(...names);
    this.key = key;
    this.body.setAttribute("aria-label", label);
    this.node.classList.toggle("magnified", magnified);
    this.node.style.setProperty("--columns", cols.length);
    this.node.style.setProperty("--digit", digitSize(grid));
    this.node.style.setProperty("--aside", grid.longest > 7 ? "0%" : "-12%"); // no room beside them
    this.nodes.clear();
    rows.forEach((row, a) => {
      cols.forEach((col, b) => {
        const node = this.table[a][b];
        node.cell = [plane, row, col];
        this.nodes.set(grid.position(row, col), node);
      });
    });
    this.fresh = true;
    if (!this.roving?.isConnected) this.rove(this.table[0][0]);
  }

  // A cell keeps its coordinates: where a slider adds a ring of padding, the others stay in place.
  build(rows, cols) {
    this.unframe();
    const lines = rows.map((row) => {
      if (!this.lines.has(row)) {
        this.lines.set(row, { node: element("div", { class: "row", role: "row" }), cells: new Map() });
      }
      return this.lines.get(row);
    });
    this.table = lines.map(({ node, cells }, a) => {
      const line = cols.map((col) => {
        if (!cells.has(col)) cells.set(col, this.make(rows[a], col));
        return cells.get(col);
      });
      fit(node, line);
      return line;
    });
    fit(this.body, lines.map(({ node }) => node));
  }
  make(row, col) {
    const { grid, plane } = this.view;
    const node = element("div", { class: "cell", role: "gridcell", tabindex: "-1", "data-grid": grid.name,
      "data-row": row, "data-col": col, "data-channel": plane },
    element("span", { class: "digits" }), element("span", { class: "tap" }));
    node.drawn = {};
    return node;
  }

  // What the cells hold: their values, or `held(position)` in a grid that fills up. Cells whose turn
  // has not come are `veiled(position)`: pale ("future"); in predict mode they ask ("hidden").
  show({ held, veiled }) {
    if (!this.fresh && !held && !veiled) return;
    this.fresh = false;
    const { grid, plane } = this.view;
    this.nodes.forEach((node, position) => {
      const entry = held ? held(position) : grid.entry(plane, position);
      this.fill(node, entry, veiled?.(position) ?? "", position);
    });
  }
  // Touches what has changed, and nothing else.
  fill(node, entry, veil, position) {
    const { grid, plane } = this.view;
    const { drawn, cell: [, row, col] } = node;
    const hidden = veil === "hidden";
    const marks = grid.marks(row, col);
    const value = hidden ? null : grid.values[entry];
    const label = hidden ? "?" : grid.labels[entry];
    const plain = marks.includes("pad") && !grid.rows.source;
    const look = (plain ? marks : `level-${grid.level[entry]} ${marks}`)
      + (grid.isDifferent(plane, position) && !hidden ? " differs" : "");
    if (drawn.value === value && drawn.label === label && drawn.look === look && drawn.veil === veil) return;
    if (drawn.value !== value) attribute(node, "data-value", value);
    if (drawn.label !== label) node.firstChild.textContent = label;
    if (drawn.veil !== veil) attribute(node, "data-veil", veil || null);
    if (drawn.look !== look) {
      const kept = ["editing", "tapped"].filter((name) => node.classList.contains(name));
      node.className = ["cell", look, ...kept].join(" ");
    }
    const unread = /leftover|gap|hole/.test(marks);
    const whole = grid.longest > 4 || grid.isRounded(node.cell) ? String(value).replace("-", "\u2212").replace("Infinity", "\u221e") : "";
    const title = unread ? `${label}, never read` : hidden ? "" : whole;
    if ((drawn.title ?? "") !== title) node.title = title;
    node.drawn = { value, label, look, veil, title };
  }

  // Light the cells at these positions; the rest goes dark.
  light(positions) {
    const lit = new Set();
    for (const position of positions ?? []) lit.add(this.nodes.get(position));
    lit.delete(undefined);
    for (const node of this.lit) if (!lit.has(node)) delete node.dataset.lit;
    for (const node of lit) if (!this.lit.has(node)) node.dataset.lit = "1";
    this.lit = lit;
  }

  // Outline the span of the window and print in each of its cells what the step does with it.
  frame(rows, cols, acts) {
    const { view } = this;
    const [a, b] = [view.rows.indexOf(rows[0]), view.rows.indexOf(rows.at(-1))];
    const [c, d] = [view.cols.indexOf(cols[0]), view.cols.indexOf(cols.at(-1))];
    this.outline.style.cssText =
      `--top:${a};--left:${c};--tall:${b - a + 1};--wide:${d - c + 1}`;
    this.outline.hidden = a < 0 || b < 0 || c < 0 || d < 0;
    const longest = Math.max(0, ...[...(acts?.values() ?? [])].map((act) => act.length));
    this.node.style.setProperty("--tap", Math.min(0.25, 1.5 / longest));
    this.node.classList.toggle("long-taps", longest > 6);
    const tapped = [];
    acts?.forEach((act, position) => {
      const node = this.nodes.get(position);
      if (!node) return;
      node.lastChild.textContent = act;
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

  nodeOf([, row, col]) {
    return this.nodes.get(this.view.grid.position(row, col));
  }
  cellOf(target) {
    return target.closest?.(".cell")?.cell;
  }
  rove(node) {
    this.roving?.setAttribute("tabindex", "-1");
    this.roving = node;
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

function attribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

// The children of a node become these; those that stay are not taken out.
function fit(parent, nodes) {
  const kept = new Set(nodes);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}

// Digits as a part of the cell, by the length of the longest label: each fits its cell.
const DIGIT_SIZE = [0.55, 0.55, 0.55, 0.44, 0.36, 0.3, 0.26, 0.22, 0.22, 0.22, 0.19];

export const digitSize = ({ longest }) => DIGIT_SIZE[Math.min(longest, DIGIT_SIZE.length - 1)];
