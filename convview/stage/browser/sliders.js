// A lesson's sliders, all in one component: each element of the page takes its time in a move.
//
// While an answer is on its way, moves wait and go together, so that a drag asks as often as the
// server can answer and no oftener.

import { reloadIfUnheard } from "./deaf.js";
import { element } from "./element.js";

const AGAIN = 900; // ms without an answer
const panels = new WeakMap();

export default function show({ data, parentElement, setStateValue }) {
  if (!panels.has(parentElement)) panels.set(parentElement, new Sliders(parentElement));
  const panel = panels.get(parentElement);
  panel.send = (moves) => setStateValue("moves", moves);
  panel.draw(data);
  return () => {
    clearTimeout(panel.again);
    panels.delete(parentElement);
  };
}

class Sliders {
  constructor(parent) {
    this.rows = new Map(); // by label
    this.moved = {}; // values not sent yet
    this.sent = {}; // values not answered yet
    this.count = 0; // of what was sent
    this.tries = 0; // without an answer
    this.node = element("div", { class: "sliders" });
    parent.append(this.node);
  }
  // ranges: [{ label, low, high, value, say }]; ack: the last count that is in these values
  draw({ ranges, ack }) {
    if (ack >= this.count) this.answered(ack);
    ranges.forEach(({ label, low, high, value, say }) => {
      if (!this.rows.has(label)) this.rows.set(label, this.make(label, low, high));
      const own = this.moved[label] ?? this.sent[label];
      this.mark(label, own ?? value, own === undefined ? say : "");
    });
    this.deliver();
  }
  make(label, low, high) {
    const input = element("input", { type: "range", min: low, max: high, step: 1, "aria-label": label,
      oninput: () => this.move(label, Number(input.value)) });
    const output = element("output");
    this.node.append(element("label", {}, element("span", {}, label), output, input));
    return { input, output };
  }
  mark(label, value, say = "") {
    const { input, output } = this.rows.get(label);
    input.value = value;
    input.style.setProperty("--part", (value - input.min) / (input.max - input.min));
    output.textContent = say || value;
    if (say) input.setAttribute("aria-valuetext", say);
    else input.removeAttribute("aria-valuetext");
  }
  move(label, value) {
    this.moved[label] = value;
    this.mark(label, value);
    this.deliver();
  }
  deliver() {
    if (this.again || !Object.keys(this.moved).length) return;
    this.count += 1;
    this.sent = this.moved;
    this.moved = {};
    this.send({ count: this.count, values: this.sent });
    this.again = setTimeout(() => this.repeat(), AGAIN);
  }
  answered(ack) {
    clearTimeout(this.again);
    this.again = null;
    this.count = ack;
    this.tries = 0;
    this.sent = {};
  }
  repeat() {
    this.tries += 1;
    reloadIfUnheard(this.tries);
    this.moved = { ...this.sent, ...this.moved };
    this.again = null;
    this.deliver();
  }
}
