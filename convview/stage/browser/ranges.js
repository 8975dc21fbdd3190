// A lesson's sliders: one element of the page, for each takes its time in a move.
//
// The stage speaks for them: it sends their moves and brings where they stand, so that a move calls
// the stage and nothing else. While an answer is on its way, moves wait and go together: a drag asks
// as often as the server can answer and no oftener.

import { awaitAnswer } from "./deaf.js";
import { element } from "./element.js";

const panels = new Map(); // by the name of the lesson

// The sliders of this name, whether their place in the page is there already or not.
export function slidersOf(name) {
  if (!panels.has(name)) panels.set(name, new Sliders());
  return panels.get(name);
}

class Sliders {
  constructor() {
    this.rows = new Map(); // by label
    this.moved = {}; // values not sent yet
    this.sent = {}; // values not answered yet
    this.count = 0; // of what was sent
    this.tries = 0; // without an answer
    this.node = element("div", { class: "sliders" });
    this.stand = { values: {}, says: {} };
  }
  get waiting() {
    return Boolean(this.again);
  }
  // ranges: [[label, low, high], ...]; they may be others than before
  fill(ranges) {
    const rows = new Map(ranges.map(([label, low, high]) => {
      const old = this.rows.get(label);
      const same = old && Number(old.input.min) === low && Number(old.input.max) === high;
      return [label, same ? old : this.make(label, low, high)];
    }));
    if ([...rows.values()].some((row, n) => row.node !== this.node.children[n]) || rows.size !== this.rows.size) {
      this.node.replaceChildren(...[...rows.values()].map(({ node }) => node));
    }
    this.rows = rows;
    this.draw();
  }
  // ack: the last count that is in these values; visit: how often a link was followed to here
  place({ values, says, tenths, ack }, send, visit) {
    if (this.leftAt !== undefined && this.leftAt !== visit) this.moved = {};
    Object.assign(this, { visit, leftAt: undefined, stand: { values, says, tenths } });
    this.send = send;
    if (ack >= this.count) this.answered(ack);
    this.draw();
    this.deliver();
  }
  draw() {
    const { values, says } = this.stand;
    for (const label of this.rows.keys()) {
      const own = this.moved[label] ?? this.sent[label];
      const value = own ?? values[label];
      if (value !== undefined) this.mark(label, value, own === undefined ? says[label] : "");
    }
  }
  make(label, low, high) {
    const input = element("input", { type: "range", min: low, max: high, step: 1, "aria-label": label,
      oninput: () => this.move(label, Number(input.value)) });
    const output = element("output");
    const node = element("label", {}, element("span", {}, label), output, input);
    return { node, input, output };
  }
  mark(label, value, say = "") {
    if (!this.rows.has(label)) return;
    const { input, output } = this.rows.get(label);
    input.value = value;
    input.style.setProperty("--part", (value - input.min) / (input.max - input.min));
    output.textContent = say || (this.stand.tenths?.includes(label) ? (value / 10).toFixed(1) : value);
    if (say) input.setAttribute("aria-valuetext", say);
    else input.removeAttribute("aria-valuetext");
  }
  // Its stage is taken down. What nobody has answered waits for another stage of this visit.
  leave() {
    clearTimeout(this.again);
    this.leftAt = this.visit;
    Object.assign(this, { again: null, send: null, moved: { ...this.sent, ...this.moved }, sent: {} });
  }
  move(label, value) {
    this.moved[label] = value;
    this.mark(label, value);
    this.deliver();
  }
  deliver() {
    if (this.again || !this.send || !Object.keys(this.moved).length) return;
    this.count += 1;
    this.sent = this.moved;
    this.moved = {};
    this.send({ count: this.count, values: this.sent });
    awaitAnswer(this, () => this.repeat());
  }
  answered(ack) {
    clearTimeout(this.again);
    this.again = null;
    this.count = ack;
    this.tries = 0;
    this.sent = {};
  }
  repeat() {
    this.moved = { ...this.sent, ...this.moved };
    this.deliver();
  }
}
