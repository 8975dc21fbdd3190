// The stage: draws a scene, plays its steps, and ties its cells together.
//
// Python has decided everything that is true here (see convview/scene.py). Streamlit calls the
// default export again, on the same parent, whenever data or theme change.

import { Cells, digitSize } from "./cells.js";
import { Editor } from "./editor.js";
import { element } from "./element.js";
import { Grid, around, part, whole } from "./grids.js";
import { Heat } from "./heat.js";
import { gapOf, layout } from "./layout.js";
import { Matrix } from "./matrix.js";
import { palette } from "./palette.js";
import { Taps } from "./taps.js";
import { Transport, USUAL_SPEED } from "./transport.js";
import { formula, link, sentence, sum } from "./words.js";

const SMALLEST_DIGITS = 7.4; // px; below it a magnified window has the digits
const SMALLEST_PRESENTED = 32; // px, from the back row
const stages = new WeakMap();

export default function show({ data, parentElement, setTriggerValue }) {
  let stage = stages.get(parentElement);
  if (!stage) {
    stage = new Stage(parentElement);
    stages.set(parentElement, stage);
  }
  stage.send = (edits) => setTriggerValue("edit", edits);
  stage.draw(data);
  return () => {
    stage.leave();
    stages.delete(parentElement);
  };
}

class Stage {
  constructor(parent) {
    this.parent = parent;
    this.drawings = [];
    this.pending = [];
    this.edits = 0;
    this.revealed = new Set();
    this.transport = new Transport({
      show: (step, byHand) => this.move(step, byHand),
      settled: () => this.settle(),
    });
    this.editor = new Editor({
      accept: (cell, text, node) => this.edit(node.dataset.grid, cell, text, node),
      next: (node, back) => this.editNext(node, back),
      done: (node) => node.focus(),
    });
    this.build();
    this.watch = new ResizeObserver(() => this.arrange());
    this.watch.observe(this.root);
    this.onresize = () => this.arrange();
    window.addEventListener("resize", this.onresize);
    this.onclicker = (event) => this.clicker(event);
    document.addEventListener("keydown", this.onclicker);
  }

  build() {
    this.formula = element("div", { class: "formula" });
    this.left = element("div", { class: "place left" });
    this.middle = element("div", { class: "place middle" });
    this.right = element("div", { class: "place right" });
    this.matrixPlace = element("div", { class: "place matrix" });
    this.text = element("div", { class: "step-text", "data-testid": "step-text" });
    this.link = element("div", { class: "link-text", "data-testid": "link-text" });
    this.lens = element("div", { class: "lens" });
    this.revealButton = element("button", { type: "button", class: "reveal",
      onclick: () => this.reveal() }, "Reveal");
    this.words = element("div", { class: "words" }, this.lens,
      element("div", { class: "written" }, this.text, this.revealButton, this.link));
    this.notes = element("ul", { class: "notes" });
    this.spoken = element("div", { class: "spoken", "aria-live": "polite" });
    this.places = element("div", { class: "places" }, this.left, this.middle, this.right,
      this.matrixPlace, this.words);
    this.root = element("div", { class: "stage", "data-testid": "stage", tabindex: "0",
      role: "group", "aria-label": "Stage: Space plays, arrows move the window",
      "data-playing": "false" },
    this.formula, this.places, this.transport.node, this.notes, this.spoken);
    this.root.onkeydown = (event) => this.key(event);
    this.parent.append(this.root);
  }

  leave() {
    this.transport.pause();
    this.watch.disconnect();
    window.removeEventListener("resize", this.onresize);
    document.removeEventListener("keydown", this.onclicker);
    clearTimeout(this.remembering);
  }

  // ---- data -------------------------------------------------------------------------------

  draw(data) {
    const theme = this.theme();
    const fresh = data.rev !== this.rev;
    if (!fresh && theme === this.themeName && data.dimmed === this.dimmed) {
      this.acknowledge(data.ack);
      return;
    }
    this.dimmed = data.dimmed;
    this.themeName = theme;
    this.palette = readPalette(palette[theme]);
    for (const [name, colour] of Object.entries(this.palette.css)) {
      this.root.style.setProperty(`--${name}`, colour);
    }
    this.root.dataset.theme = theme;
    this.acknowledge(data.ack);
    if (fresh) this.load(data);
    this.root.classList.toggle("dimmed", Boolean(data.dimmed));
    this.root.classList.toggle("present", Boolean(data.present));
    this.arrange(true);
    this.root.dataset.rev = data.rev;
  }

  load(data) {
    const first = !this.rev;
    this.rev = data.rev;
    this.data = data;
    this.grids = Object.fromEntries(data.grids.map((grid) => [grid.name, new Grid(grid)]));
    this.taps = new Taps(data.sweep, this.grids);
    this.scene = { ...data, grids: this.grids, taps: this.taps };
    this.matrix = data.matrix ? new Matrix(data.matrix, this.taps, this.grids) : null;
    this.pinned = null;
    this.hovered = null;
    this.revealed.clear();
    this.transport.fit(this.taps.steps);
    if (first && data.play) {
      this.transport.setSpeed(data.play.speed ?? this.transport.speed);
      this.transport.setLoop(Boolean(data.play.loop));
      this.transport.step = Math.min(data.play.step ?? 0, this.taps.steps - 1);
      this.transport.mark();
    }
    this.transport.reveal = data.predict ? () => this.reveal() : null;
    this.root.dataset.steps = this.taps.steps;
    this.root.dataset.view = data.view;
    this.formula.replaceChildren(...formula(data.formula));
    this.notes.replaceChildren(...data.notes.map((note) => element("li", {}, note)));
    const [pairs, rows] = [data.sweep.pairs[0].length, data.sweep.weightRows.length];
    this.lines = (pairs > 1 ? 2 * pairs : rows) + 1;
    this.boxes = [];
    for (const place of [this.left, this.middle, this.right]) place.replaceChildren();
    this.matrixPlace.replaceChildren();
    this.drawings.forEach((drawing) => { drawing.used = false; });
    data.grids.forEach(({ name, place }) => place && this.place(this.grids[name]));
    if (this.matrix) this.placeMatrix();
    this.drawings = this.drawings.filter((drawing) => drawing.used);
  }

  place(grid) {
    const planes = grid.planes.map((_, plane) => this.drawing(grid, plane, grid.heat));
    const block = this.block(grid, planes);
    this[grid.place].append(block);
    const { pairs } = this.taps.sweep;
    // Kernels stand as the weight tensor does: a row for each filter, a column for each channel.
    const across = grid.name === this.taps.sweep.weights ? pairs[0].length : undefined;
    this.boxes.push({ block, grid, place: grid.place, planes: grid.planes.length,
      rows: grid.height, cols: grid.width, heat: grid.heat, across });
  }

  block(grid, drawings) {
    const named = drawings.map((drawing, plane) =>
      element("figure", { class: "named" },
        grid.planes[plane] ? element("figcaption", {}, grid.planes[plane]) : "", drawing.node));
    return element("section", { class: `block role-${grid.role}`, "data-block": grid.name },
      element("h3", {}, grid.title, " ", element("small", {}, grid.note)),
      element("div", { class: "planes" }, ...named));
  }

  placeMatrix() {
    const { grid, x, y } = this.matrix;
    const [m, v, w] = [grid, x, y].map((one) => this.drawing(one, 0, grid.heat));
    v.node.classList.add("across");
    w.node.classList.add("down", "steps");
    this.matrixPlace.append(element("section", { class: "block role-kernel", "data-block": "matrix" },
      element("h3", {}, grid.title, " ", element("small", {}, grid.note)),
      element("div", { class: "matrix-frame" },
        element("span", { class: "role-input tag" }, "x"), v.node, m.node, w.node,
        element("span", { class: "role-output tag" }, "y"))));
  }

  // The drawing of one plane, kept from one scene to the next so that nothing flickers.
  drawing(grid, plane, heat) {
    const name = `${grid.name}/${plane}/${heat}`;
    let drawing = this.drawings.find((one) => one.name === name);
    if (!drawing) {
      drawing = new (heat ? Heat : Cells)({
        enter: (cell) => this.enter({ grid: grid.name, cell }),
        leave: () => this.enter(null),
        press: (cell, event) => this.press(grid.name, cell, event),
        key: (cell, event) => this.cellKey(grid.name, cell, event),
      });
      drawing.name = name;
      this.drawings.push(drawing);
    }
    Object.assign(drawing, { used: true, grid, plane, view: whole(grid, plane) });
    return drawing;
  }

  // ---- size -------------------------------------------------------------------------------

  arrange(force) {
    if (!this.boxes) return;
    const width = this.root.clientWidth;
    const room = window.innerHeight;
    const size = `${width}x${room}x${this.rev}`;
    if (!width || (size === this.size && force !== true)) return;
    this.size = size;
    const present = this.root.classList.contains("present");
    const height = this.data.small ? 330 : Math.max(270, Math.min(room - (present ? 270 : 255), 1000));
    const { view } = this.data;
    const found = layout(this.boxes, { view, width, height, present, lines: this.lines });
    const { style } = this.root;
    this.root.classList.toggle("narrow", found.narrow);
    style.setProperty("--height", `${height}px`);
    style.setProperty("--shares", Object.values(found.shares).map((share) => `${share}fr`).join(" "));
    // On a phone the transport follows the sum; else it stays in sight at the bottom.
    if (found.narrow) this.places.append(this.transport.node);
    else this.places.after(this.transport.node);
    const smallest = present ? SMALLEST_PRESENTED : SMALLEST_DIGITS;
    this.magnify = false;
    this.boxes.forEach(({ block, grid, place }, n) => {
      const { cell, gap, across } = found.cells[n];
      resize(block, cell, gap);
      block.style.setProperty("--across", across);
      const digits = cell * digitSize(grid);
      block.classList.toggle("tiny", !grid.heat && digits < SMALLEST_DIGITS);
      block.classList.toggle("no-taps", cell < 20);
      if (place === "left" || place === "right") this.magnify ||= grid.heat || digits < smallest;
    });
    if (this.matrix) this.arrangeMatrix(found.narrow ? width : width * found.shares.matrix, height);
    this.drawings.forEach((drawing) => this.paint(drawing));
    this.lensSize = present ? 84 : found.narrow ? 40 : 36;
    this.render(false);
  }

  arrangeMatrix(width, height) {
    const { grid } = this.matrix;
    const across = (width - 70) / grid.width;
    const down = (height - 80) / grid.height;
    const pitch = Math.min(across, down, 40);
    const gap = grid.heat ? 0 : gapOf(pitch);
    resize(this.matrixPlace, grid.heat ? pitch : Math.max(2, pitch - gap), gap);
    this.matrixPlace.classList.toggle("tiny", pitch * digitSize(grid) < SMALLEST_DIGITS);
  }

  paint(drawing) {
    const { grid, plane } = drawing;
    const label = [grid.title, grid.planes[plane], grid.note].filter(Boolean).join(", ");
    drawing.draw(drawing.view, this.palette, { label });
    drawing.node.classList.toggle("steps", grid.name === this.taps.sweep.steps);
  }

  // ---- one step ---------------------------------------------------------------------------

  move(step, byHand) {
    this.pinned = null;
    this.render(byHand);
    if (byHand) this.settle();
  }

  // What is looked at: a pinned cell, else the one under the pointer, else the step.
  get focus() {
    return this.pinned ?? this.hovered;
  }

  render(byHand) {
    const { taps, transport, data } = this;
    const here = taps.cell(transport.step);
    const focus = this.resolve(this.focus);
    const out = focus?.grid === taps.sweep.steps ? focus.cell : here;
    const sites = focus ? focus.sites ?? taps.sites(focus) : taps.ofOut(out);
    const hidden = this.isHidden(taps.step(out));
    this.root.dataset.step = transport.step;
    this.root.classList.toggle("linking", Boolean(focus) && focus.grid !== taps.sweep.steps);
    this.light(focus ?? { grid: taps.sweep.steps, cell: out }, sites);
    this.frame(out);
    this.veil(transport.step);
    this.text.classList.toggle("long", taps.ofOut(out).length > 30);
    this.text.classList.toggle("parts", Boolean(data.partials));
    this.text.replaceChildren(...sum(this.scene, out, hidden));
    this.link.replaceChildren(...(focus ? link(this.scene, focus, sites) : []));
    this.revealButton.hidden = !hidden || taps.step(out) !== transport.step;
    this.drawLens(out);
    if (byHand) this.spoken.textContent = sentence(this.scene, out, hidden);
    if (data.view === "matrix") this.frameMatrix(out);
  }

  // A cell of the matrix, of a vector or of a grid lying on another, as the cell it stands for.
  resolve(focus) {
    if (!focus) return null;
    const { matrix, taps } = this;
    const [, row, col] = focus.cell;
    if (focus.grid === "matrix") {
      const site = matrix.siteAt.get(row * matrix.places.width + col);
      const [out, read] = [matrix.outputs()[row], matrix.inputs()[col]];
      return { grid: "matrix", cell: focus.cell, sites: site ? [site] : [], out, read };
    }
    if (matrix && focus.grid === matrix.x.name) return { grid: taps.sweep.reads, cell: matrix.inputs()[col] };
    if (matrix && focus.grid === matrix.y.name) return { grid: taps.sweep.steps, cell: matrix.outputs()[row] };
    const below = this.data.mirrors[focus.grid];
    return below ? { grid: below, cell: focus.cell } : focus;
  }

  light(focus, sites) {
    const { sweep } = this.taps;
    const lit = new Map();
    const add = (name, [plane, row, col]) => {
      const key = `${name}/${plane}`;
      if (!lit.has(key)) lit.set(key, new Set());
      lit.get(key).add(this.grids[name].position(row, col));
    };
    if (this.grids[focus.grid]) add(focus.grid, focus.cell);
    if (focus.out) add(sweep.steps, focus.out);
    if (focus.read) add(sweep.reads, focus.read);
    for (const { out, read, weight } of sites) {
      add(sweep.steps, out);
      add(sweep.reads, read);
      add(sweep.weights, weight);
    }
    if (focus.grid === sweep.reads) this.addSource(add, focus.cell);
    if (focus.grid === sweep.steps && this.data.bias) add(this.data.bias, [0, 0, focus.cell[0]]);
    for (const [upper, lower] of Object.entries(this.data.mirrors)) {
      const all = this.grids[lower].planes.flatMap((_, p) => [...(lit.get(`${lower}/${p}`) ?? [])]);
      lit.set(`${upper}/0`, new Set(all));
    }
    if (this.matrix) this.lightMatrix(lit, focus, sites);
    this.lit = lit;
    const linking = this.root.classList.contains("linking");
    this.drawings.forEach((one) => one.light(lit.get(`${one.grid.name}/${one.plane}`), linking));
  }

  // A padding cell that is a copy is tied to the cell it copies.
  addSource(add, [plane, row, col]) {
    const { rows, cols, name } = this.grids[this.taps.sweep.reads];
    if (rows.source) add(name, [plane, rows.source[row], cols.source[col]]);
  }

  lightMatrix(lit, focus, sites) {
    const { matrix } = this;
    const { sweep } = this.taps;
    const cells = sites.map((site) => matrix.position(site)).filter((at) => at !== null);
    if (focus.grid === "matrix") cells.push(matrix.grid.position(focus.cell[1], focus.cell[2]));
    const flat = (name, column) => this.grids[name].planes.flatMap((_, p) =>
      [...(lit.get(`${name}/${p}`) ?? [])].map((at) => {
        const { width } = this.grids[name];
        return column([p, Math.floor(at / width), at % width]);
      })).filter((at) => at !== null);
    lit.set("matrix/0", new Set(cells));
    lit.set(`${matrix.x.name}/0`, new Set(flat(sweep.reads, (cell) => matrix.column(cell))));
    lit.set(`${matrix.y.name}/0`, new Set(flat(sweep.steps, (cell) => matrix.row(cell))));
  }

  frame(out) {
    const { sweep } = this.taps;
    const [plane, i, j] = out;
    const [rows, cols] = [sweep.rows[i], sweep.cols[j]];
    const weights = new Map();
    const kernel = this.grids[sweep.weights];
    for (const { read, weight } of this.taps.ofOut(out)) {
      if (!weights.has(read[0])) weights.set(read[0], new Map());
      const at = this.grids[sweep.reads].position(read[1], read[2]);
      weights.get(read[0]).set(at, kernel.label(weight));
    }
    this.framed = weights;
    const used = new Set(sweep.pairs[plane].map(([, k]) => k));
    for (const one of this.drawings) {
      const { name } = one.grid;
      const below = this.data.mirrors[name];
      if (name === sweep.reads || below === sweep.reads) {
        const here = weights.get(below ? sweep.pairs[plane][0][0] : one.plane);
        if (here) one.frame(rows, cols, below ? null : here);
        else one.unframe();
      } else if (name === sweep.weights) {
        const { grid } = one;
        if (used.has(one.plane)) one.frame([0, grid.height - 1], [0, grid.width - 1]);
        else one.unframe();
      } else if (name === sweep.steps && one.plane === plane) one.frame([i], [j]);
      else one.unframe();
    }
  }

  frameMatrix(out) {
    const row = this.matrix.row(out);
    for (const one of this.drawings) {
      if (one.grid === this.matrix.grid) one.frame([row], [0, one.grid.width - 1]);
      if (one.grid === this.matrix.y) one.frame([row], [0]);
    }
  }

  isHidden(step) {
    return Boolean(this.data.predict) && !this.revealed.has(step);
  }
  veil(step) {
    const { name } = this.taps.out;
    const of = (at) => {
      if (this.isHidden(at)) return "hidden";
      return at > step && !this.data.predict ? "future" : "";
    };
    this.drawings.forEach((one) => {
      if (one.grid.name === name) one.veil((position) => of(one.plane * this.taps.perPlane + position));
      if (this.matrix && one.grid === this.matrix.y) one.veil(of);
    });
  }

  // Show the answer of this step. True if there was one to show.
  reveal() {
    const { step } = this.transport;
    if (!this.isHidden(step)) return false;
    this.revealed.add(step);
    this.render(true);
    return true;
  }

  // ---- magnified window -------------------------------------------------------------------

  drawLens(out) {
    this.lens.hidden = !this.magnify;
    if (!this.magnify) return;
    const { sweep } = this.taps;
    const [plane, i, j] = out;
    const reads = this.grids[sweep.reads];
    const steps = this.grids[sweep.steps];
    const parts = sweep.pairs[plane].map(([c]) =>
      [reads, c, sweep.rows[i], sweep.cols[j], `Window ${reads.planes[c]}`.trim()]);
    parts.push([steps, plane, around(i, 1, steps.height), around(j, 1, steps.width), "Output here"]);
    this.lenses ??= [];
    const key = parts.map(([grid, p]) => `${grid.name}${p}`).join();
    if (key !== this.lensKey) {
      this.lensKey = key;
      this.lenses = parts.map(([grid]) => new Cells({
        enter: (cell) => this.enter({ grid: grid.name, cell }),
        leave: () => this.enter(null),
        press: (cell, event) => this.press(grid.name, cell, event),
        key: (cell, event) => this.cellKey(grid.name, cell, event),
      }));
      this.lens.replaceChildren(...this.lenses.map((one, n) => element("figure",
        { class: `named role-${parts[n][0].role}` }, element("figcaption", {}, parts[n][4]), one.node)));
    }
    const wide = Math.max(...parts.map(([, , , cols]) => cols.length));
    const room = (this.words.clientWidth - 60) / (wide + 3);
    const tall = Math.max(...parts.map(([, , rows]) => rows.length));
    resize(this.lens, Math.max(22, Math.min(this.lensSize, room, (5 * this.lensSize) / tall)), 3);
    this.lenses.forEach((one, n) => {
      const [grid, p, rows, cols, label] = parts[n];
      one.draw(part(grid, p, rows, cols), this.palette, { label, magnified: true });
      one.node.classList.toggle("steps", grid === steps);
      one.light(this.lit.get(`${grid.name}/${p}`));
      if (grid === reads) one.frame(rows, cols, this.framed.get(p));
      else {
        one.frame([i], [j]);
        one.veil((at) => (this.isHidden(p * this.taps.perPlane + at) ? "hidden" : ""));
      }
    });
  }

  // ---- pointer and keys -------------------------------------------------------------------

  enter(focus) {
    if (this.transport.playing) return;
    this.hovered = focus;
    if (this.pinned || this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.render(false);
    });
  }

  press(grid, cell, event) {
    this.transport.pause();
    const focus = { grid, cell };
    const again = JSON.stringify(this.pinned) === JSON.stringify(focus);
    const { sweep } = this.taps;
    const stands = this.resolve(focus);
    if (stands.grid === sweep.steps) this.transport.go(this.taps.step(stands.cell));
    this.pinned = again && !this.grids[grid]?.editable ? null : focus;
    this.hovered = null;
    this.render(true);
    const touch = event.pointerType === "touch" || event.pointerType === "pen";
    if (!touch || again) this.openEditor(grid, cell, event.currentTarget);
  }

  openEditor(name, cell, within) {
    const grid = this.grids[name];
    if (!grid?.editable || this.root.classList.contains("dimmed")) return;
    const node = within?.querySelector?.(".cell") && this.nodeFor(name, cell, within);
    if (!node || grid.marks(cell[1], cell[2]).includes("pad")) return;
    this.editor.open(node, String(grid.value(cell)), `${grid.title} row ${node.dataset.row}, column ${node.dataset.col}`);
  }
  nodeFor(name, cell, within) {
    const all = [...this.drawings, ...(this.lenses ?? [])].filter((one) => one.grid?.name === name || one.view?.grid.name === name);
    return all.find((one) => one.node === within)?.nodeOf(cell);
  }

  editNext(node, back) {
    const cells = [...node.closest(".cells").querySelectorAll(".cell:not(.pad)")];
    const next = cells[cells.indexOf(node) + (back ? -1 : 1)];
    if (!next) return node.focus();
    this.pinned = { grid: next.dataset.grid, cell: next.cell };
    this.render(false);
    return this.openEditor(next.dataset.grid, next.cell, next.closest(".plane"));
  }

  // All edits that Python has not answered yet go together: none is lost to a faster one.
  edit(grid, [plane, row, col], text, node) {
    const { rows, cols } = this.grids[grid];
    const target = { grid, plane, row: rows.names[row], col: cols.names[col], text };
    this.edits += 1;
    this.pending.push({ id: this.edits, ...target });
    node.querySelector(".digits").textContent = text.replace("-", "\u2212");
    this.send({ edits: this.pending });
  }
  acknowledge(id) {
    this.pending = this.pending.filter((edit) => edit.id > (id ?? 0));
  }

  cellKey(grid, cell, event) {
    if (event.key === "Enter" || event.key === "F2") {
      this.press(grid, cell, event);
      event.preventDefault();
      event.stopPropagation();
    } else if (/^[-+.\d]$/.test(event.key) && this.grids[grid]?.editable) {
      event.stopPropagation();
      this.openEditor(grid, cell, event.currentTarget);
    }
  }

  key(event) {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const { transport, taps } = this;
    const [plane, row, col] = taps.cell(transport.step);
    const to = (r, c) => {
      const { height, width } = taps.out;
      const inside = r >= 0 && c >= 0 && r < height && c < width;
      if (inside) transport.go(taps.step([plane, r, c]));
    };
    const acts = {
      " ": () => transport.toggle(),
      ArrowLeft: () => to(row, col - 1),
      ArrowRight: () => to(row, col + 1),
      ArrowUp: () => to(row - 1, col),
      ArrowDown: () => to(row + 1, col),
      Home: () => transport.go(0),
      End: () => transport.go(transport.steps - 1),
      PageUp: () => transport.back(),
      PageDown: () => transport.forward(),
      "+": () => transport.setSpeed(transport.speed + 1),
      "-": () => transport.setSpeed(transport.speed - 1),
      r: () => this.reveal(),
      Escape: () => this.unpin(),
    };
    if (!acts[event.key] || (event.key === " " && event.target.matches("button"))) return;
    acts[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }
  unpin() {
    this.pinned = null;
    this.hovered = null;
    this.render(true);
  }
  // In presenter mode a clicker works wherever the focus is.
  clicker(event) {
    if (!this.data?.present || event.defaultPrevented) return;
    const inside = event.composedPath().includes(this.root);
    const typing = event.composedPath()[0].matches?.("input, textarea, [role=slider], [role=combobox]");
    if (inside || typing || !["PageUp", "PageDown"].includes(event.key)) return;
    this.key(event);
  }

  // The address keeps the place, so that a reload or a copied link opens at this step.
  remember() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => {
      const { step, speed, loop } = this.transport;
      const url = new URL(window.location.href);
      const put = (name, value, usual) =>
        value === usual ? url.searchParams.delete(name) : url.searchParams.set(name, value);
      put("step", step, 0);
      put("speed", speed, USUAL_SPEED);
      put("loop", Number(loop), 0);
      if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
    }, 300);
  }

  settle() {
    if (this.data && !this.data.small && !this.transport.playing) this.remember();
    this.root.dataset.playing = this.transport.playing;
    this.root.classList.toggle("playing", this.transport.playing);
    this.root.style.setProperty("--glide", `${Math.min(160, this.transport.duration * 0.5)}ms`);
    if (this.transport.playing) {
      this.pinned = null;
      this.hovered = null;
      this.render(false);
    }
  }

  theme() {
    const colour = getComputedStyle(this.parent.host ?? this.root).getPropertyValue("--st-background-color");
    const [r, g, b] = colour.match(/[\da-f]{2}/gi)?.map((hex) => parseInt(hex, 16)) ?? [255, 255, 255];
    return 0.3 * r + 0.59 * g + 0.11 * b < 128 ? "dark" : "light";
  }
}

function resize(node, cell, gap) {
  node.style.setProperty("--cell", `${cell}px`);
  node.style.setProperty("--gap", `${gap}px`);
}

// The generated table as lookups: fill and ink by level, rgb for canvases, css for the rest.
function readPalette({ fill, ink, inks, ...css }) {
  const fills = fill.match(/.{6}/g);
  return {
    fill: fills.map((hex) => `#${hex}`),
    ink: [...ink].map((bit) => inks[bit]),
    rgb: fills.map((hex) => hex.match(/../g).map((byte) => parseInt(byte, 16))),
    css,
  };
}
