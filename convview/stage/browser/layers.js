// A stack of layers as a drawing and a table whose settings can be typed.
//
// Python has decided every number and every word (see convview/scenes/shapes). What is done here
// is sent as an act, again until it is answered, and the whole table comes back.

import { reloadIfUnheard } from "./deaf.js";
import { element } from "./element.js";

const AGAIN = 900; // ms without an answer
const HEADS = ["", "Layer", "Settings", "Output", "Parameters", "MACs", "Memory, bytes", "Sees", "Jump", "Start", "Never read", ""];
const tables = new WeakMap();

export default function show({ data, parentElement, setTriggerValue }) {
  if (!tables.has(parentElement)) tables.set(parentElement, new Table(parentElement));
  const table = tables.get(parentElement);
  table.send = (acts) => setTriggerValue("acts", { acts });
  table.draw(data);
  return () => {
    clearTimeout(table.again);
    tables.delete(parentElement);
  };
}

class Table {
  constructor(parent) {
    this.acts = 0;
    this.pending = [];
    this.tries = 0;
    this.drawing = element("div", { class: "drawing" });
    this.body = element("tbody");
    this.totals = element("p", { class: "totals" });
    const head = element("tr", {}, ...HEADS.map((text) =>
      element("th", { scope: "col" }, text || element("span", { class: "spoken" }, "Act"))));
    const adder = element("button", { type: "button", class: "add", onclick: () => this.act({ act: "add", place: this.count - 1 }) }, "Add a layer");
    parent.append(element("div", { class: "layers", "data-testid": "layers" }, this.drawing,
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of the layers" },
        element("table", {}, element("thead", {}, head), this.body)), adder, this.totals));
  }
  draw(data) {
    this.acknowledge(data.ack);
    const said = JSON.stringify({ ...data, ack: null });
    if (said === this.said) return; // what was typed and refused stays where it is
    this.said = said;
    this.count = data.rows.length;
    const kept = this.focused();
    this.drawing.replaceChildren(...data.drawing.map((block, n) => this.block(block, n - 1, data)));
    this.body.replaceChildren(...data.rows.map((row, place) => this.row(row, place, data)));
    this.totals.textContent = data.totals.join("  \u00b7  ");
    if (kept) this.giveBack(kept);
    this.moved = undefined;
  }
  // What had the keyboard, to give it back to the same control of the new table.
  focused() {
    const node = this.body.getRootNode().activeElement;
    const { name, place } = node?.dataset ?? {};
    return name && { name, place: this.moved ?? Number(place) };
  }
  // At an end of the table the button that moved a layer there is off: its opposite has the focus.
  giveBack({ name, place }) {
    const at = Math.min(place, this.count - 1);
    const opposite = { up: "down", down: "up" }[name];
    const found = [name, opposite, "look"].map((one) =>
      this.body.querySelector(`[data-name="${one}"][data-place="${at}"]:not(:disabled)`));
    found.find(Boolean)?.focus();
  }
  block({ high, wide, text }, place, { at }) {
    const shape = element("span", { class: "shape", style: `height:${high}px;width:${wide}px` });
    const label = element("small", {}, text);
    if (place < 0) return element("div", { class: "block" }, shape, element("b", {}, "input"), label);
    return element("button", { type: "button", class: "block", "aria-pressed": String(place === at),
      onclick: () => this.act({ act: "look", place }) }, shape, element("b", {}, String(place + 1)), label);
  }
  row(row, place, { kinds, at }) {
    const name = `layer ${place + 1}`;
    const look = element("button", { type: "button", class: "look", "data-name": "look", "data-place": place,
      "aria-label": `Look at ${name}`, "aria-pressed": String(place === at),
      onclick: () => this.act({ act: "look", place }) }, String(place + 1));
    const kind = element("select", { "aria-label": `Kind of ${name}`, "data-name": "kind", "data-place": place,
      onchange: () => this.act({ act: "kind", place, kind: kind.value }) },
    ...kinds.map((one) => element("option", { value: one, selected: one === row.kind }, one)));
    const cells = [element("td", {}, look), element("td", {}, kind),
      element("td", {}, element("div", { class: "fields" }, ...row.fields.map((field) => this.field(field, place, name)))),
      ...this.results(row), element("td", {}, this.buttons(place, name))];
    return element("tr", { class: place === at ? "at" : row.error ? "error" : "" }, ...cells);
  }
  field({ name, label, text, on }, place, layer) {
    const attributes = { "aria-label": `${label} of ${layer}`, "data-name": name, "data-place": place };
    const input = text === undefined
      ? element("input", { type: "checkbox", checked: on, ...attributes,
        onchange: () => this.act({ act: "edit", place, name, on: input.checked }) })
      : element("input", { type: "text", value: text, size: Math.max(3, text.length), inputmode: "text",
        autocomplete: "off", maxlength: "30", ...attributes,
        onchange: () => this.act({ act: "edit", place, name, text: input.value }) });
    return element("label", {}, element("span", {}, label), input);
  }
  results({ output, amounts, sees, error }) {
    if (error) return [element("td", { class: "why", colspan: "8" }, error)];
    if (!output) return [element("td", { colspan: "8" }, "\u2014")];
    const cell = (head, text, more) => element("td", { "data-head": HEADS[head], ...more }, text);
    return [cell(3, output),
      ...amounts.map(({ text, part }, n) => cell(4 + n, text, { class: "amount", style: `--part:${part}` })),
      ...["field", "jump", "start", "unread"].map((name, n) => cell(7 + n, sees[name] || "\u2014"))];
  }
  buttons(place, name) {
    const button = (act, sign, label, off) => element("button", { type: "button", "aria-label": `${label} ${name}`,
      title: label, disabled: off, "data-name": act, "data-place": place,
      onclick: () => {
        this.moved = { up: place - 1, down: place + 1 }[act];
        this.act({ act, place });
      } }, sign);
    return element("span", { class: "acts" }, button("up", "\u2191", "Move up", place === 0),
      button("down", "\u2193", "Move down", place === this.count - 1), button("remove", "\u00d7", "Remove", false));
  }
  act(act) {
    this.acts += 1;
    this.pending.push({ id: this.acts, ...act });
    this.deliver();
  }
  deliver() {
    clearTimeout(this.again);
    if (!this.pending.length) return;
    this.send(this.pending);
    this.again = setTimeout(() => this.repeat(), AGAIN);
  }
  repeat() {
    this.tries += 1;
    reloadIfUnheard(this.tries);
    this.deliver();
  }
  acknowledge(id) {
    if (this.pending.length && this.pending[0].id <= id) this.tries = 0;
    this.pending = this.pending.filter((act) => act.id > id);
    this.acts = Math.max(this.acts, id);
  }
}
