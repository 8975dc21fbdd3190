// A stack of layers as a drawing, a table whose settings can be typed, and one layer in detail.
//
// Python has decided every number and every word (see convview/scenes/shapes). What is done here
// is sent as an act, again until it is answered, and the whole table comes back.

import { actsOf } from "./acts.js";
import { Detail } from "./detail.js";
import { element } from "./element.js";
import { unpack } from "./packed.js";
import { Rest } from "./rest.js";

const HEADS = ["", "Layer", "Settings", "Output", "Parameters", "MACs", "Memory, bytes", "Sees", "Jump", "Start", "Never read", ""];
const MEANT = {
  MACs: "Multiply-accumulates",
  Sees: "Receptive field: cells from the first to the last that a unit reads, rows \u00d7 columns where they differ, cells beyond the border included; behind a transposed convolution those of the input alone, fewest to most",
  Jump: "Input cells between two neighbouring units, (down, across) where they differ; behind a transposed convolution on average",
  Start: "Where the first unit is centred, the middle of its windows traced back, (row, column) where they differ; the first input cell is 0",
  "Never read": "What comes in and goes into no unit",
};
const tables = new WeakMap();

// Not async itself: see photos.js.
export default function show({ data, parentElement, setTriggerValue, key }) {
  if (!tables.has(parentElement)) tables.set(parentElement, new Table(parentElement, key));
  const table = tables.get(parentElement);
  table.acts.send = (acts) => setTriggerValue("acts", { acts });
  table.receive(data);
  return () => {
    table.node.remove();
    table.acts.leave();
    table.resting.stop();
    tables.delete(parentElement);
  };
}

class Table {
  constructor(parent, key) {
    this.acts = actsOf(key);
    this.resting = new Rest(() => this.acts.waiting);
    this.at = undefined;
    this.drawing = element("div", { class: "drawing" });
    this.body = element("tbody");
    this.totals = element("p", { class: "totals" });
    this.detail = new Detail((unit) => this.act({ act: "pin", unit }));
    const head = element("tr", {}, ...HEADS.map((text) =>
      element("th", { scope: "col", title: MEANT[text] }, text || element("span", { class: "spoken" }, "Act"))));
    const adder = element("button", { type: "button", class: "add", onclick: () => this.act({ act: "add", place: this.count - 1 }) }, "Add a layer");
    parent.append(this.node = element("div", { class: "layers", "data-testid": "layers" }, this.drawing,
      element("p", { class: "scale" }, "As high as there are rows, as wide as there are channels, each on a scale of its own and never thinner than a line; columns are not drawn."),
      this.region = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of the layers" },
        element("table", {}, element("thead", {}, head), this.body)), adder, this.totals, this.detail.node));
  }
  async receive(data) {
    this.latest = data;
    const stack = await unpack(data);
    if (this.latest === data) this.draw(stack);
  }
  draw(data) {
    this.acts.acknowledge(data.ack, data.visit);
    this.resting.await(data.behind);
    const sameRows = this.count === data.rows.length && this.moved === undefined;
    this.count = data.rows.length;
    const kept = this.focused();
    const last = this.count - 1;
    renew(this.drawing, data.drawing.map((block, n) => ({ ...block, place: n - 1 })),
      (block) => this.block(block));
    renew(this.body, data.rows.map((row, place) => ({ ...row, place, last: place === last })),
      (row) => this.row(row, data.kinds), sameRows ? keepTyped : undefined);
    this.lookAt(data.at);
    this.totals.textContent = data.totals.join("  \u00b7  ");
    if (kept && (this.moved !== undefined || !this.focused())) this.giveBack(kept);
    this.moved = undefined;
    if (!this.acts.pending.length) this.answered(data.refused);
    this.detail.draw(data.detail);
  }
  // A long table scrolls by itself to the layer that is looked at.
  lookAt(at) {
    if (at !== this.at && at !== null) requestAnimationFrame(() => this.reveal(this.body.children[at]));
    this.at = at;
    [...this.body.children].forEach((row, place) => {
      row.classList.toggle("at", place === at);
      row.querySelector(".look").setAttribute("aria-pressed", String(place === at));
      this.drawing.children[place + 1]?.setAttribute("aria-pressed", String(place === at));
    });
  }
  reveal(row) {
    if (!row) return;
    const head = this.body.previousElementSibling.offsetHeight;
    const { offsetTop: top, offsetHeight: height } = row;
    const { scrollTop, clientHeight } = this.region;
    if (top - head < scrollTop) this.region.scrollTop = top - head;
    else if (top + height > scrollTop + clientHeight) this.region.scrollTop = top + height - clientHeight;
  }
  // What was typed and not taken stays where it is, and is marked; what was taken is written as
  // the table writes it.
  answered(refused) {
    this.body.querySelectorAll("input[data-sent]").forEach((input) => {
      const taken = !refused.includes(Number(input.dataset.sent));
      delete input.dataset.sent;
      if (input.dataset.typing) return;
      if (taken) this.restore(input);
      else mark(input, `Not taken; ${input.defaultValue} counts`);
    });
  }
  // What had the keyboard, to give it back to the same control of the new table.
  focused() {
    const node = this.body.getRootNode().activeElement;
    const { name, place } = node?.dataset ?? {};
    return name && { name, place: this.moved ?? Number(place), selection: [node.selectionStart, node.selectionEnd] };
  }
  // At an end of the table the button that moved a layer there is off: its opposite has the focus.
  giveBack({ name, place, selection }) {
    const at = Math.min(place, this.count - 1);
    const opposite = { up: "down", down: "up" }[name];
    const found = [name, opposite, "look"].map((one) =>
      this.body.querySelector(`[data-name="${one}"][data-place="${at}"]:not(:disabled)`));
    const node = found.find(Boolean);
    node?.focus();
    if (node?.type === "text") node.setSelectionRange(...selection);
  }
  block({ high, wide, text, place }) {
    const shape = element("span", { class: "shape", style: `height:${high}px;width:${wide}px` });
    const label = element("small", {}, text);
    if (place < 0) return element("div", { class: "block" }, shape, element("b", {}, "input"), label);
    return element("button", { type: "button", class: "block",
      onclick: () => this.act({ act: "look", place }) }, shape, element("b", {}, String(place + 1)), label);
  }
  row(row, kinds) {
    const { place } = row;
    const name = `layer ${place + 1}`;
    const look = element("button", { type: "button", class: "look", "data-name": "look", "data-place": place,
      "aria-label": `Look at ${name}`,
      onclick: () => this.act({ act: "look", place }) }, String(place + 1));
    const kind = element("select", { "aria-label": `Kind of ${name}`, "data-name": "kind", "data-place": place,
      onchange: () => this.act({ act: "kind", place, kind: kind.value }) },
    ...kinds.map((one) => element("option", { value: one, selected: one === row.kind }, one)));
    const cells = [element("td", {}, look), element("td", {}, kind),
      element("td", {}, element("div", { class: "fields" }, ...row.fields.map((field) => this.field(field, place, name)))),
      ...this.results(row), element("td", {}, this.buttons(row, name))];
    return element("tr", { class: row.error ? "error" : "" }, ...cells);
  }
  field({ name, label, text, on }, place, layer) {
    const attributes = { "aria-label": `${label} of ${layer}`, "data-name": name, "data-place": place };
    const input = text === undefined
      ? element("input", { type: "checkbox", checked: on, ...attributes,
        onchange: () => this.act({ act: "edit", place, name, on: input.checked }) })
      : element("input", { type: "text", value: text, style: `--chars:${Math.max(3, text.length)}`, inputmode: "text",
        autocomplete: "off", maxlength: "30", ...attributes,
        oninput: () => { input.dataset.typing = "1"; }, onchange: () => this.take(input),
        onblur: () => this.take(input),
        onkeydown: ({ key }) => {
          if (key === "Enter") this.take(input);
          if (key === "Escape") this.restore(input);
        } });
    return element("label", {}, element("span", {}, label), input);
  }
  restore(input) {
    delete input.dataset.typing;
    input.value = input.defaultValue;
    mark(input, "");
  }
  // What was typed, once. Of a field made anew while it was typed into, the browser tells no change.
  take(input) {
    if (!input.dataset.typing) return;
    delete input.dataset.typing;
    const { place, name } = input.dataset;
    input.dataset.sent = this.acts.do({ act: "edit", place: Number(place), name, text: input.value });
  }
  results({ output, amounts, sees, error }) {
    if (error) return [element("td", { class: "why", colspan: "8" }, error)];
    if (!output) return [element("td", { colspan: "8" }, "\u2014")];
    const cell = (head, text, more) => element("td", { "data-head": HEADS[head], ...more }, text);
    return [cell(3, output),
      ...amounts.map(({ text, part }, n) => cell(4 + n, text, { class: "amount", style: `--part:${part}` })),
      ...["field", "jump", "start", "unread"].map((name, n) => cell(7 + n, sees[name] || "\u2014"))];
  }
  buttons({ place, last }, name) {
    const button = (act, sign, label, off) => element("button", { type: "button", "aria-label": `${label} ${name}`,
      title: label, disabled: off, "data-name": act, "data-place": place,
      onclick: () => {
        this.moved = { up: place - 1, down: place + 1 }[act];
        this.act({ act, place });
      } }, sign);
    return element("span", { class: "acts" }, button("up", "\u2191", "Move up", place === 0),
      button("down", "\u2193", "Move down", last), button("remove", "\u00d7", "Remove", false));
  }
  // Places are those of the table that is shown: while one act moves them, no other may.
  act(act) {
    const moves = ({ act: name }) => ["up", "down", "remove"].includes(name);
    if (moves(act) && this.acts.pending.some(moves)) return;
    this.acts.do(act);
  }
}

// One child for each item; only those are made anew whose item has changed.
const items = new WeakMap(); // what each child shows
function renew(parent, all, make, keep = () => {}) {
  all.forEach((item, n) => {
    const said = JSON.stringify(item);
    const old = parent.children[n];
    if (old && items.get(old) === said) return;
    const node = make(item);
    items.set(node, said);
    if (!old) {
      parent.append(node);
      return;
    }
    keep(old, node);
    forget(old);
    old.replaceWith(node);
  });
  while (parent.children.length > all.length) {
    forget(parent.lastChild);
    parent.lastChild.remove();
  }
}

// Mark a field as refused, and why; "" takes the mark away.
function mark(input, why) {
  input.setAttribute("aria-invalid", String(Boolean(why)));
  input.title = why;
}

// Of a field that goes with the keyboard in it the browser tells a change: half typed, it is none.
function forget(row) {
  row.querySelectorAll("[data-typing]").forEach((field) => delete field.dataset.typing);
}

// What is being typed into a row, or was typed and not taken, stands in the new one too.
function keepTyped(old, row) {
  const kind = (node) => node.querySelector("select").value;
  if (kind(old) !== kind(row)) return;
  old.querySelectorAll("input[type=text]").forEach((before) => {
    const now = row.querySelector(`input[data-name="${before.dataset.name}"]`);
    if (!now || before.value === before.defaultValue) return;
    if (before.dataset.typing) now.dataset.typing = "1";
    else if (now.defaultValue !== before.defaultValue) return; // taken
    now.value = before.value;
    if (before.dataset.sent) now.dataset.sent = before.dataset.sent;
    if (before.title) mark(now, before.title);
  });
}
