// One layer, looked at closely: its formulas, and what each of its units sees.

import { element } from "./element.js";
import { Field } from "./field.js";

export class Detail {
  // pin: called with the unit {row, col} that was chosen, or null for the middle one
  constructor(pin) {
    this.title = element("h2");
    this.sentences = element("div");
    this.field = new Field(pin);
    this.node = element("div", { class: "detail", "data-testid": "detail" },
      element("section", {}, this.title, this.sentences), this.field.node);
  }
  draw(view) {
    const said = JSON.stringify(view);
    if (said === this.said) return this.field.redraw(); // the theme may be another one
    this.said = said;
    this.node.hidden = !view;
    if (!view) return undefined;
    this.title.textContent = view.title;
    this.sentences.replaceChildren(...view.sentences.map((one) => element("p", {}, one)));
    this.field.node.hidden = !view.map;
    if (view.map) this.field.load(view.map);
    return undefined;
  }
}
