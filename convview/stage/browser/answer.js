// An answer in cells: numbers typed into a matrix, or cells marked on a board.
//
// Nothing is sent before Check; then it goes as text, rows by semicolons, and Python judges it.

import { actsOf } from "./acts.js";
import { element } from "./element.js";

const BLANK = "_"; // an empty cell, as convview/practice/answers.py reads it
const NO_BREAK = "\u00a0"; // between two cells stands a plain space
const MOST = 9; // rows or columns of a matrix
const LONGEST = 20; // characters of a number
const NAMES = { rows: "Rows", cols: "Columns" };
const answers = new WeakMap();

export default function show({ data, parentElement, setTriggerValue, key }) {
  if (!answers.has(parentElement)) answers.set(parentElement, new Answer(parentElement, key));
  const answer = answers.get(parentElement);
  answer.acts.send = (acts) => setTriggerValue("acts", { acts });
  answer.receive(data);
  return () => {
    answer.node.remove();
    answer.acts.leave();
    answers.delete(parentElement);
  };
}

class Answer {
  constructor(parent, key) {
    this.acts = actsOf(key);
    this.sizes = element("div", { class: "sizes" });
    this.body = element("tbody");
    this.table = element("table", { role: "group" }, this.body);
    this.node = element("div", { class: "answer", "data-testid": "answer" }, this.sizes, this.table,
      element("button", { type: "button", class: "check", onclick: () => this.check() }, "Check"));
    this.node.onkeydown = (event) => this.key(event);
    document.addEventListener("pointerup", () => { this.painting = undefined; }, { passive: true });
    parent.append(this.node);
  }
  receive(data) {
    this.acts.acknowledge(data.ack, data.visit);
    if (data.of === this.of) return; // what is being filled in stays
    this.of = data.of;
    this.board = data.board;
    this.at = [0, 0];
    this.spare = {}; // what a smaller size has cut off
    const held = data.held ? data.held.split(";").map((row) => row.trim().split(/ +/)) : null;
    this.cells = this.board ? this.board.map((row, r) => row.map((_, c) => held?.[r]?.[c] === "1"))
      : held?.map((row) => row.map((text) => (text === BLANK ? "" : text))) ?? blank(2, 2);
    this.table.style.setProperty("--across", this.cells[0].length + 1);
    this.table.classList.toggle("tall", this.cells.length > 7);
    this.table.setAttribute("aria-label", this.board ? "Cells to mark" : "Your answer, cell by cell");
    this.build();
  }
  build() {
    this.sizes.replaceChildren(...(this.board ? [] : [this.stepper("rows"), this.stepper("cols")]));
    const rows = this.cells.map((row, r) => element("tr", {}, ...this.head("rows", r),
      ...row.map((_, c) => element("td", {}, this.board ? this.toggle(r, c) : this.input(r, c)))));
    const heads = element("tr", {}, element("td"), ...this.cells[0].flatMap((_, c) => this.head("cols", c)));
    this.body.replaceChildren(...(this.board ? [heads] : []), ...rows);
  }
  cell(row, col) {
    return this.body.querySelector(`.cell[data-row="${row}"][data-col="${col}"]`);
  }

  // ---- a board to be marked ---------------------------------------------------------------

  head(axis, n) {
    if (!this.board) return [];
    const label = `${axis === "rows" ? "Row" : "Column"} ${n}: mark all of it, or none`;
    return [element("th", {}, element("button", { type: "button", tabindex: "-1", "aria-label": label,
      onclick: () => this.line(axis, n) }, String(n)))];
  }
  line(axis, n) {
    const line = axis === "rows" ? this.cells[n].map((_, c) => [n, c]) : this.cells.map((_, r) => [r, n]);
    const all = line.every(([r, c]) => this.cells[r][c]);
    line.forEach(([r, c]) => this.mark(r, c, !all));
  }
  toggle(row, col) {
    const label = `Row ${row}, column ${col}${this.board[row][col] ? `: ${this.board[row][col]}` : ""}`;
    const node = element("button", { type: "button", class: "cell", "data-grid": "answer",
      "data-row": row, "data-col": col, "aria-label": label, "aria-pressed": this.cells[row][col],
      tabindex: row || col ? "-1" : "0" }, this.board[row][col]);
    node.onclick = (event) => {
      if (event.detail && event.pointerType === "mouse") return; // the press has done it
      this.mark(row, col, !this.cells[row][col]);
      this.go(row, col);
    };
    node.onpointerdown = (event) => {
      if (event.pointerType !== "mouse" || event.button) return;
      this.painting = !this.cells[row][col];
      this.mark(row, col, this.painting);
      this.go(row, col);
      event.preventDefault();
    };
    node.onpointerenter = () => {
      if (this.painting !== undefined) this.mark(row, col, this.painting);
    };
    return node;
  }
  mark(row, col, on) {
    this.cells[row][col] = on;
    this.cell(row, col).setAttribute("aria-pressed", on);
  }

  // ---- a matrix to be typed ---------------------------------------------------------------

  input(row, col) {
    const node = element("input", { class: "cell", type: "text", "data-grid": "answer", "data-row": row,
      "data-col": col, value: this.cells[row][col], autocomplete: "off", enterkeyhint: "next",
      maxlength: LONGEST, "aria-label": `Row ${row}, column ${col}` });
    node.oninput = () => { this.cells[row][col] = node.value.trim(); };
    node.onfocus = () => node.select();
    node.onpaste = (event) => this.paste(event);
    return node;
  }
  stepper(axis) {
    const step = (by, sign) => element("button", { type: "button", class: "step",
      "aria-label": `${NAMES[axis]}: one ${by < 0 ? "fewer" : "more"}`,
      onclick: () => this.resize(axis, by) }, sign);
    const count = axis === "rows" ? this.cells.length : this.cells[0].length;
    return element("span", { role: "group", "aria-label": NAMES[axis] }, `${NAMES[axis]} `, step(-1, "\u2212"),
      element("output", { "aria-live": "polite" }, ` ${count} `), step(1, "+"));
  }
  resize(axis, by) {
    const [rows, cols] = [this.cells.length + (axis === "rows") * by, this.cells[0].length + (axis === "cols") * by];
    if (rows < 1 || cols < 1 || rows > MOST || cols > MOST) return;
    this.cells.forEach((row, r) => row.forEach((text, c) => { this.spare[`${r} ${c}`] = text; }));
    this.cells = blank(rows, cols).map((row, r) => row.map((_, c) => this.spare[`${r} ${c}`] ?? ""));
    this.build();
    this.sizes.children[Number(axis === "cols")].querySelectorAll("button")[Number(by > 0)].focus();
  }
  // A matrix that was copied elsewhere fills the cells.
  paste(event) {
    const text = event.clipboardData.getData("text").replace(/\\(begin|end)\{\w+\}|array|tensor|dtype=[\w.]+/g, " ");
    const lines = text.split(/\\\\|[;\n]|\]\s*,?\s*\[/).map((line) => line.replace(/[[\](){}&]/g, " ").trim());
    // Between numbers that stand apart, as 0,5 1,5 do, a comma is a decimal sign.
    const apart = (line) => (/\s/.test(line) && !line.replace(/\d,\d/g, "").includes(",") ? /\s+/ : /[\s,]+/);
    const rows = lines.map((line) => line.split(apart(line)).filter(Boolean)).filter((row) => row.length);
    const width = rows[0]?.length;
    const fits = rows.length <= MOST && width <= MOST && rows.every((row) => row.length === width);
    if (!fits || rows.flat().length < 2 || rows.flat().some((one) => one.length > LONGEST)) return;
    event.preventDefault();
    this.cells = rows;
    this.build();
    this.cell(0, 0).focus();
  }

  // ---- keys, and the answer ---------------------------------------------------------------

  key(event) {
    const { row, col } = event.target.dataset;
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const [r, c] = [Number(row), Number(col)];
    const typing = event.target.matches("input") && event.target.value &&
      event.target.selectionEnd - event.target.selectionStart < event.target.value.length;
    const next = c + 1 < this.cells[0].length ? [r, c + 1] : [r + 1, 0];
    const to = {
      ArrowUp: [r - 1, c],
      ArrowDown: [r + 1, c],
      ...(typing ? {} : { ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1] }),
      ...(event.target.matches("input") ? { Enter: next } : {}),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    if (event.key === "Enter" && !this.cell(...to)) this.check();
    else this.go(...to);
  }
  go(row, col) {
    const node = this.cell(row, col);
    if (!node) return;
    if (this.board) this.cell(...this.at).tabIndex = -1;
    this.at = [row, col];
    node.tabIndex = 0;
    node.focus();
  }
  check() {
    // One word for each cell, as it was typed: what is more than a number is refused, not taken apart.
    const typed = (one) => one.replace(/\s+/g, NO_BREAK).replace(/[;[\]]/g, "?");
    const text = (one) => (this.board ? String(Number(one)) : typed(one) || BLANK);
    this.acts.do({ act: "answer", of: this.of, text: this.cells.map((row) => row.map(text).join(" ")).join("; ") });
  }
}

function blank(rows, cols) {
  return Array.from({ length: rows }, () => Array(cols).fill(""));
}
