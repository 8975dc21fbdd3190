// The stage: draws a scene, plays its steps, and ties its cells together.
//
// Python has decided everything that is true here (see convview/scene.py). Streamlit calls the
// default export again, on the same parent, whenever data or theme change.

import { actsOf } from "./acts.js";
import { Address } from "./address.js";
import { Cells, digitSize } from "./cells.js";
import { Editor } from "./editor.js";
import { element } from "./element.js";
import { Grid, whole } from "./grids.js";
import { Heat } from "./heat.js";
import { HALF, gapOf, layout } from "./layout.js";
import { Matrix } from "./matrix.js";
import { unpack } from "./packed.js";
import { slidersOf } from "./ranges.js";
import { readPalette, themeOf } from "./themes.js";
import { Transport } from "./transport.js";
import { Way, paced } from "./way.js";
import { formula } from "./words.js";

const SMALLEST_DIGITS = 7.4; // px; below it a magnified window has the digits
const SMALLEST_PRESENTED = 32; // px, from the back row
const stages = new WeakMap();
const places = new Map(); // where a stage stood that Streamlit took down, to put it up again

// Not async itself: see photos.js.
export default function show({ data, parentElement, setTriggerValue, setStateValue, key }) {
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement, key));
  const stage = stages.get(parentElement);
  stage.acts.send = (edits) => setTriggerValue("edit", { edits });
  stage.sendMoves = (moves) => setStateValue("moves", moves);
  stage.receive(data);
  return () => {
    places.set(key, { visit: stage.visit, ...stage.transport.place });
    stage.leave();
    stages.delete(parentElement);
  };
}

class Stage {
  constructor(parent, key) {
    this.parent = parent;
    this.left = places.get(key);
    this.acts = actsOf(key);
    this.drawings = [];
    this.ways = [];
    this.revealed = new Set();
    this.transport = new Transport({
      show: (step, byHand) => this.move(step, byHand),
      settled: () => this.settle(),
    });
    this.address = new Address(this.transport, () => this.acts.waiting || this.sliders?.waiting);
    this.editor = new Editor({
      accept: (cell, text, node) => this.edit(node.dataset.grid, cell, text, node),
      next: (node, back) => this.editNext(node, back),
      done: (node) => node.focus(),
    });
    this.build();
    // A rule for the cells of each level: the browser resolves inline styles one by one.
    this.levels = new CSSStyleSheet();
    this.sheets = this.parent.getRootNode();
    this.sheets.adoptedStyleSheets = [...this.sheets.adoptedStyleSheets, this.levels];
    // Widths come from here: asking an element for its own would lay the page out at once.
    this.watch = new ResizeObserver(([{ contentRect }]) => {
      this.width = contentRect.width;
      this.arrange();
    });
    this.watch.observe(this.root);
    this.onresize = () => this.arrange();
    window.addEventListener("resize", this.onresize);
    this.onclicker = (event) => this.clicker(event);
    document.addEventListener("keydown", this.onclicker);
  }

  build() {
    this.formula = element("div", { class: "formula" });
    this.places = element("div", { class: "places" });
    this.notes = element("ul", { class: "notes" });
    this.spoken = element("div", { class: "spoken", "aria-live": "polite" });
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
    this.address.stop();
    this.sliders?.leave();
    this.sheets.adoptedStyleSheets = this.sheets.adoptedStyleSheets.filter((one) => one !== this.levels);
    this.acts.leave();
    this.root.remove();
  }

  // ---- data -------------------------------------------------------------------------------

  async receive(data) {
    this.latest = data;
    const scene = await unpack(data);
    if (this.latest === data) this.draw(scene); // else a later one was unpacked sooner
  }

  draw(data) {
    const theme = this.theme();
    const fresh = data.rev !== this.rev;
    const answered = this.acts.acknowledge(data.ack, data.play?.visit);
    if (data.sliders) {
      this.sliders = slidersOf(data.sliders.of);
      this.sliders.place(data.sliders, this.sendMoves, data.play.visit);
    }
    this.address.rest(data.behind);
    if (fresh) this.load(data);
    const jumped = this.start(data);
    if (!fresh && !answered && !jumped && theme === this.themeName && data.dimmed === this.dimmed) return;
    this.dimmed = data.dimmed;
    if (theme !== this.themeName) this.dress(theme);
    this.root.classList.toggle("dimmed", Boolean(data.dimmed));
    for (const part of [this.formula, this.places]) part.inert = Boolean(data.dimmed);
    this.root.classList.toggle("present", Boolean(data.present));
    this.arrange(true);
    this.editor.follow((where) => this.cellAt(where));
    this.root.dataset.rev = data.rev;
  }

  dress(theme) {
    this.themeName = theme;
    this.palette = readPalette(theme);
    for (const [name, colour] of Object.entries(this.palette.css)) {
      this.root.style.setProperty(`--${name}`, colour);
    }
    this.root.dataset.theme = theme;
    this.levels.replaceSync(this.palette.levels);
  }

  load(data) {
    this.rev = data.rev;
    this.data = data;
    this.grids = Object.fromEntries(data.grids.map((grid) => [grid.name, new Grid(grid)]));
    this.loadWays(data);
    this.matrix = data.matrix ? new Matrix(data.matrix, this.lead.taps, this.grids) : null;
    this.pinned = null;
    this.hovered = null;
    this.revealed.clear();
    const { transport, lead } = this;
    transport.fit(lead.taps.steps);
    transport.node.hidden = data.view === "closely"; // one cell alone
    transport.reveal = data.predict ? () => this.reveal() : null;
    this.root.dataset.steps = lead.taps.steps;
    this.root.dataset.view = data.view;
    this.formula.replaceChildren(...formula(data.formula));
    this.notes.replaceChildren(...data.notes.map((note) => element("li", {}, note)));
    this.furnish(data);
  }

  // The columns and what stands in them; put up anew only where that is not what stood there.
  furnish(data) {
    const outline = data.columns.map(({ share, grids }) =>
      [share, grids.map((name) => [name, this.grids[name]?.planes, this.grids[name]?.heat])]);
    const same = !this.matrix && JSON.stringify(outline) === this.outline;
    this.outline = this.matrix ? null : JSON.stringify(outline);
    if (same) {
      this.boxes.forEach((box) => this.refill(box));
      return;
    }
    this.drawings.forEach((drawing) => { drawing.used = false; });
    this.boxes = [];
    this.columns = data.columns.map(({ share, grids }, column) => ({
      share,
      node: element("div", { class: "place" },
        ...grids.map((name) => (name === "matrix" ? this.placeMatrix() : this.place(this.grids[name], column)))),
      matrix: grids.includes("matrix"),
    }));
    this.drawings = this.drawings.filter((drawing) => drawing.used);
    this.narrow = undefined;
  }
  refill(box) {
    const grid = this.grids[box.grid.name];
    grid.planes.forEach((_, plane) => this.drawing(grid, plane));
    Object.assign(box, { grid, rows: grid.height, cols: grid.width });
    const [title, note] = box.block.querySelectorAll("h2 span, h2 small");
    if (title.textContent !== grid.title) title.textContent = grid.title;
    if (note.textContent !== grid.note) note.textContent = grid.note;
  }

  // Where the link says, once a visit; as it was left, if Streamlit took it down meanwhile.
  start({ play }) {
    if (!play || play.visit === this.visit) return false;
    this.visit = play.visit;
    this.root.dataset.visit = play.visit; // how often a link was followed
    this.transport.place = this.left?.visit === play.visit ? this.left : play;
    if (this.transport.step !== (play.step ?? 0)) this.address.remember();
    return true;
  }

  // The first way leads: its steps are the stage's; the others keep pace and end with it.
  loadWays(data) {
    const handlers = (grid) => this.handlers(grid);
    while (this.ways.length < data.sweeps.length) this.ways.push(new Way(handlers, () => this.reveal()));
    this.ways.length = data.sweeps.length;
    const scene = { ...data, grids: this.grids };
    data.sweeps.forEach((sweep, n) => this.ways[n].load(sweep, scene));
    [this.lead] = this.ways;
  }

  place(grid, column) {
    const planes = grid.planes.map((_, plane) => this.drawing(grid, plane));
    const block = this.block(grid, planes);
    this.boxes.push({ block, grid, column, planes: grid.planes.length, rows: grid.height,
      cols: grid.width, heat: grid.heat, across: grid.across ?? undefined });
    return block;
  }

  block(grid, drawings) {
    const named = drawings.map((drawing, plane) =>
      element("figure", { class: "named" },
        grid.planes[plane] ? element("figcaption", {}, grid.planes[plane]) : "", drawing.node));
    return element("section", { class: `block role-${grid.role}`, "data-block": grid.name },
      element("h2", {}, element("span", {}, grid.title), " ", element("small", {}, grid.note)),
      element("div", { class: "planes" }, ...named));
  }

  placeMatrix() {
    const { grid, strips } = this.matrix;
    const frame = element("div", { class: "matrix-frame" });
    const cell = (side, node) => {
      node.classList.add("at", `at-${side}`);
      frame.append(node);
    };
    cell("middle", this.drawing(grid, 0).node);
    for (const strip of strips) {
      const { node } = this.drawing(strip.grid, 0);
      node.classList.add(strip.side === "top" || strip.side === "bottom" ? "across" : "down");
      cell(strip.side, node);
      cell(`${strip.side}-name`, element("span", { class: `role-${strip.grid.role} tag` }, this.data.symbols[strip.grid.of]));
    }
    this.matrixBlock = element("section", { class: `block role-${grid.role}`, "data-block": "matrix" },
      element("h2", {}, grid.title, " ", element("small", {}, grid.note)), frame);
    return this.matrixBlock;
  }

  // The drawing of one plane, kept from one scene to the next so that nothing flickers.
  drawing(grid, plane) {
    const name = `${grid.name}/${plane}/${grid.heat}`;
    let drawing = this.drawings.find((one) => one.name === name);
    if (!drawing) {
      drawing = new (grid.heat ? Heat : Cells)(this.handlers(grid));
      drawing.name = name;
      this.drawings.push(drawing);
    }
    Object.assign(drawing, { used: true, grid, plane, view: whole(grid, plane) });
    return drawing;
  }
  handlers({ name }) {
    return {
      enter: (cell) => this.enter({ grid: name, cell }),
      leave: () => this.enter(null),
      press: (cell, event) => this.press(name, cell, event),
      key: (cell, event) => this.cellKey(name, cell, event),
    };
  }

  // ---- size -------------------------------------------------------------------------------

  arrange(force) {
    if (!this.boxes) return;
    this.width ||= this.root.clientWidth;
    const { width } = this;
    const room = window.innerHeight;
    const size = `${width}x${room}x${this.rev}`;
    if (!width || (size === this.size && force !== true)) return;
    this.size = size;
    const present = this.root.classList.contains("present");
    const closely = this.data.view === "closely"; // one cell alone: nothing moves below it
    const height = closely ? (present ? 760 : 520) : this.data.small ? 340 : Math.max(270, Math.min(room - (present ? 270 : 285), 1000));
    const columns = this.columns.map(({ share }, n) => {
      const way = this.ways.find(({ sweep: { words: [from, to] } }) => from <= n && n <= to);
      const first = this.ways.some(({ sweep }) => sweep.columns[0] === n);
      return { share, first, lines: way?.lines ?? 0 };
    });
    const found = layout(this.boxes, columns, { width, height, present });
    this.compose(found.narrow);
    this.places.style.setProperty("--height", closely ? 0 : `${height}px`);
    const digitsOf = new Map();
    this.boxes.forEach(({ block, grid }, n) => {
      const { cell, gap, across } = found.cells[n];
      resize(block, cell, gap);
      this.drawings.forEach((one) => {
        if (one.grid === grid) one.pitch = cell + gap;
      });
      block.style.setProperty("--across", across);
      const digits = cell * digitSize(grid);
      block.classList.toggle("tiny", !grid.heat && digits < SMALLEST_DIGITS);
      block.classList.toggle("no-taps", cell < 20);
      digitsOf.set(grid.name, grid.heat ? 0 : digits);
    });
    this.ways.forEach((way) => {
      const [from, to] = way.sweep.words;
      const share = columns.slice(from, to + 1).reduce((sum, one) => sum + one.share, 0);
      way.room = width * (found.narrow ? 1 : share);
      const smallest = present && way === this.lead ? SMALLEST_PRESENTED : SMALLEST_DIGITS;
      const { steps, reads } = way.sweep;
      way.small = [steps, reads].some((name) => digitsOf.get(name) < smallest);
    });
    if (this.matrix) {
      const { share } = this.columns.find(({ matrix }) => matrix);
      this.arrangeMatrix(found.narrow ? width : width * share, height);
    }
    this.drawings.forEach((drawing) => this.paint(drawing));
    this.lensSize = present ? 84 : found.narrow ? 40 : 36;
    this.render(false);
  }

  // Columns side by side with the words under some of them; on a phone one below the other, each
  // way's words after its first grid, and the transport after the first words.
  compose(narrow) {
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    this.root.classList.toggle("narrow", narrow);
    const { places, columns, ways, transport } = this;
    places.style.gridTemplateColumns = narrow ? "" : columns.map(({ share }) => `minmax(0, ${share}fr)`).join(" ");
    if (!narrow) {
      const under = columns.map((_, n) => ways.some(({ sweep: { words: [a, b] } }) => a <= n && n <= b));
      columns.forEach(({ node }, n) => { node.style.gridArea = `1 / ${n + 1} / ${under[n] ? 2 : 3}`; });
      ways.forEach(({ words, lens, written, sweep }) => {
        words.replaceChildren(lens.node, written);
        words.style.gridArea = `2 / ${sweep.words[0] + 1} / 3 / ${sweep.words[1] + 2}`;
      });
      places.replaceChildren(...columns.map(({ node }) => node), ...ways.map(({ words }) => words));
      places.after(transport.node);
      return;
    }
    const parts = [];
    ways.forEach(({ sweep, written, lens }, n) => {
      const own = columns.slice(sweep.columns[0], sweep.columns[1] + 1);
      parts.push(own[0].node, written, ...(n ? [] : [transport.node]), lens.node,
        ...own.slice(1).map(({ node }) => node));
    });
    const beside = columns.filter((_, n) => !ways.some(({ sweep: { columns: [a, b] } }) => a <= n && n <= b));
    parts.push(...beside.map(({ node }) => node)); // what belongs to no way: x beside dL/dx
    columns.forEach(({ node, share }, n) => {
      const first = ways.some(({ sweep }) => sweep.columns[0] === n);
      node.style.gridArea = "";
      node.classList.toggle("half", !first && share <= HALF);
    });
    places.replaceChildren(...parts);
  }

  arrangeMatrix(width, height) {
    const { grid, strips } = this.matrix;
    const sides = (...names) => strips.filter(({ side }) => names.includes(side)).length;
    const across = (width - 40 - 30 * sides("left", "right")) / grid.width;
    const down = (height - 50 - 30 * sides("top", "bottom")) / grid.height;
    const pitch = Math.min(across, down, 40);
    const gap = grid.heat ? 0 : gapOf(pitch);
    resize(this.matrixBlock, grid.heat ? pitch : Math.max(2, pitch - gap), gap);
    this.drawings.forEach((one) => {
      if (one.grid === grid || strips.some((strip) => strip.grid === one.grid)) one.pitch = pitch;
    });
    this.matrixBlock.classList.toggle("tiny", pitch * digitSize(grid) < SMALLEST_DIGITS);
  }

  paint(drawing) {
    const { grid, plane } = drawing;
    const label = [grid.title, grid.planes[plane], grid.note].filter(Boolean).join(", ");
    drawing.draw(drawing.view, { label, palette: this.palette });
    const steps = this.ways.some(({ sweep }) => sweep.steps === (grid.of ?? grid.name));
    drawing.node.classList.toggle("steps", steps);
  }

  // ---- one step ---------------------------------------------------------------------------

  move(step, byHand) {
    this.pinned = null;
    this.render(byHand);
    if (byHand) this.settle();
  }

  render(byHand) {
    const { transport, lead } = this;
    const focus = this.resolve(this.pinned ?? this.hovered);
    const way = this.ways.find((one) => focus && one.has(focus.grid)) ?? lead;
    this.root.dataset.step = transport.step;
    this.root.classList.toggle("linking", Boolean(focus) && focus.grid !== way.sweep.steps);
    const outs = this.ways.map((one) => this.cellOf(one, focus));
    const n = this.ways.indexOf(way);
    const sites = focus?.sites ?? (focus ? way.taps.sites(focus) : way.taps.ofOut(outs[n]));
    this.light(way, focus ?? { grid: way.sweep.steps, cell: outs[n] }, sites);
    const isHidden = (one) => (out) => this.standing(one, one.taps.step(out)) === "hidden";
    this.ways.forEach((one, k) => one.frame(this.drawings, outs[k], this.data.mirrors, isHidden(one)(outs[k])));
    this.matrix?.frame(this.drawings, outs[0]);
    this.drawings.forEach((one) => one.show(this.shown(one, outs)));
    this.ways.forEach((one, k) => {
      const hidden = isHidden(one)(outs[k]);
      const here = one.taps.step(outs[k]) === transport.step;
      const before = paced(transport.step - 1, one.taps.steps, lead.taps.steps);
      const placed = one.taps.step(outs[k]) === this.stepOf(one) ? this.stepOf(one) - before : 1;
      one.write(outs[k], { focus: one === way ? focus : null, sites, hidden, here, placed, isHidden: isHidden(one) });
      this.drawLens(one, outs, k);
    });
    if (byHand) this.spoken.textContent = lead.sentence(outs[0], this.isHidden(lead.taps.step(outs[0])));
  }
  // The cell that a way shows: the one looked at, or that of its step.
  cellOf(way, focus) {
    const cell = focus?.cell && (focus.grid === way.sweep.steps ? focus.cell : this.twin(focus, way.sweep.steps));
    return cell ?? way.taps.cell(this.stepOf(way));
  }
  // The same cell as it is drawn in another grid.
  twin({ grid, cell: [plane, row, col] }, name) {
    const found = this.data.twins.find(({ from, to }) => from === grid && to === name);
    const cell = found && [found.planes[plane], found.rows[row], found.cols[col]];
    return cell?.every(Number.isInteger) ? cell : null;
  }
  stepOf(way) {
    return paced(this.transport.step, way.taps.steps, this.lead.taps.steps);
  }

  // A cell of the matrix, of a vector or of a grid lying on another, as the cell it stands for.
  resolve(focus) {
    if (!focus) return null;
    const below = this.data.mirrors[focus.grid];
    if (below) return { grid: below, cell: focus.cell };
    const stands = this.matrix?.resolve(focus) ?? focus;
    if (!stands.cell || this.ways.some((way) => way.has(stands.grid))) return stands;
    for (const { sweep: { steps, reads, weights } } of this.ways) {
      for (const name of [steps, reads, weights]) {
        const cell = this.twin(stands, name);
        if (cell) return { grid: name, cell };
      }
    }
    return stands;
  }

  light({ sweep }, focus, sites) {
    const lit = new Map();
    const add = (name, [plane, row, col]) => {
      const key = `${name}/${plane}`;
      if (!lit.has(key)) lit.set(key, new Set());
      lit.get(key).add(this.grids[name].position(row, col));
    };
    if (this.grids[focus.grid]) add(focus.grid, focus.cell);
    for (const [name, cell] of focus.ends ?? []) add(name, cell);
    for (const { out, read, weight } of sites) {
      if (this.grids[sweep.reads].isFiller(read)) continue; // a zero put in makes no term
      add(sweep.steps, out);
      add(sweep.reads, read);
      if (sweep.weights) add(sweep.weights, weight);
    }
    if (focus.grid === sweep.reads) this.addSource(add, focus);
    if (focus.grid === sweep.steps && sweep.bias) add(sweep.bias, [0, 0, focus.cell[0]]);
    if (focus.grid === sweep.bias) this.addPlane(add, sweep.steps, focus.cell[2]);
    const summed = this.data.totals[focus.grid];
    if (summed) this.addPlane(add, summed, focus.cell[2]);
    for (const [upper, lower] of Object.entries(this.data.mirrors)) this.addMirror(lit, upper, lower);
    this.addTwins(lit, add);
    this.matrix?.light(lit, focus, sites);
    this.lit = lit;
    const linking = this.root.classList.contains("linking");
    this.drawings.forEach((one) => one.light(lit.get(`${one.grid.name}/${one.plane}`), linking));
  }

  // A bias goes into every output of its filter.
  addPlane(add, name, plane) {
    const { height, width } = this.grids[name];
    for (let at = 0; at < height * width; at++) add(name, [plane, Math.floor(at / width), at % width]);
  }

  // A padding cell that is a copy is tied to the cell it copies.
  addSource(add, { grid, cell: [plane, row, col] }) {
    const { rows, cols } = this.grids[grid];
    if (rows.source) add(grid, [plane, rows.source[row], cols.source[col]]);
  }

  // A grid that lies on another, plane on plane, or one plane on all of them.
  addMirror(lit, upper, lower) {
    const planes = this.grids[lower].planes.map((_, p) => lit.get(`${lower}/${p}`) ?? new Set());
    if (this.grids[upper].planes.length === 1) lit.set(`${upper}/0`, new Set(planes.flatMap((one) => [...one])));
    else planes.forEach((positions, p) => lit.set(`${upper}/${p}`, positions));
  }

  // Cells that are one cell drawn twice, as in dL/dX on either side, light up together.
  addTwins(lit, add) {
    const before = new Map([...lit].map(([key, positions]) => [key, [...positions]]));
    for (const { from, to, planes, rows, cols } of this.data.twins) {
      planes.forEach((plane, p) => {
        const { width } = this.grids[from];
        for (const at of before.get(`${from}/${p}`) ?? []) {
          const cell = [plane, rows[Math.floor(at / width)], cols[at % width]];
          if (cell.every(Number.isInteger)) add(to, cell);
        }
      });
    }
  }

  isHidden(step) {
    return Boolean(this.data.predict) && !this.revealed.has(step);
  }
  // How a cell of a swept grid stands: asked for, still to come, or there.
  standing(way, step) {
    if (way.taps.steps === this.lead.taps.steps && this.isHidden(step)) return "hidden";
    return step > this.stepOf(way) && !this.data.predict ? "future" : "";
  }
  // What the cells of a plane hold at these steps of the ways: see `show` of Cells and Heat.
  shown({ grid, plane }, outs) {
    const n = this.ways.findIndex(({ story, sweep }) => story && sweep.reads === grid.name);
    if (n >= 0) return this.ways[n].filled(plane, outs[n]);
    const name = grid.of ?? grid.name; // a vector beside the matrix stands as its grid does
    const way = this.ways.find((one) => one.sweep.steps === name && !one.scatters);
    return way ? { veiled: (position) => this.standing(way, plane * way.taps.perPlane + position) } : {};
  }

  // Show the answer of this step. True if there was one to show.
  reveal() {
    const { step } = this.transport;
    if (!this.isHidden(step)) return false;
    this.revealed.add(step);
    this.render(true);
    return true;
  }

  drawLens(way, outs, n) {
    way.lens.node.hidden = !way.small;
    if (!way.small) return way.lens.clear();
    return way.lens.draw(way, outs[n], {
      lit: this.lit, size: this.lensSize, room: way.room, shown: (part) => this.shown(part, outs),
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
    const { sweep, taps } = this.lead;
    const stands = this.resolve(focus);
    if (stands.grid === sweep.steps) this.transport.go(taps.step(stands.cell));
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
  // The node of a cell by its coordinates, wherever it stands now.
  cellAt({ grid, channel, row, col }) {
    const drawing = this.drawings.find((one) => one.grid.name === grid && one.plane === Number(channel));
    return drawing?.node.querySelector(`.cell:not(.pad)[data-row="${row}"][data-col="${col}"]`);
  }
  nodeFor(name, cell, within) {
    const all = [...this.drawings, ...this.ways.flatMap(({ lens }) => lens.views)];
    return all.find((one) => one.view.grid.name === name && one.node === within)?.nodeOf(cell);
  }

  editNext(node, back) {
    const cells = [...node.closest(".cells").querySelectorAll(".cell:not(.pad)")];
    const next = cells[cells.indexOf(node) + (back ? -1 : 1)];
    if (!next) return node.focus();
    this.pinned = { grid: next.dataset.grid, cell: next.cell };
    this.render(false);
    return this.openEditor(next.dataset.grid, next.cell, next.closest(".plane"));
  }

  edit(grid, [plane, row, col], text, node) {
    const { rows, cols } = this.grids[grid];
    const target = { grid, plane, row: rows.names[row], col: cols.names[col], text };
    node.drawn = {}; // whatever Python answers is drawn
    node.querySelector(".digits").textContent = text.replace("-", "\u2212");
    this.acts.do(target);
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
    const { transport } = this;
    const { taps } = this.lead;
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
      "+": () => this.pace(transport.speed + 1),
      "-": () => this.pace(transport.speed - 1),
      r: () => this.reveal(),
      Escape: () => this.unpin(),
    };
    if (!acts[event.key] || (event.key === " " && event.target.matches("button"))) return;
    acts[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }
  pace(speed) {
    this.transport.setSpeed(speed);
    this.settle();
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

  settle() {
    if (this.data && !this.data.small && !this.transport.playing) this.address.remember();
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
    return themeOf(this.parent.host ?? this.root);
  }
}

function resize(node, cell, gap) {
  node.style.setProperty("--cell", `${cell}px`);
  node.style.setProperty("--gap", `${gap}px`);
}
