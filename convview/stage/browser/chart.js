// A chart of curves, bars and points. Where everything is comes from Python, in units of a box that
// the browser stretches: nothing is measured here, and a move of a slider sets some paths.

import { element, shape } from "./element.js";

const BOX = 10000;
const DOT = "h0"; // a stroke of no length: its round end

export class Chart {
  constructor() {
    this.marks = new Map(); // by kind and name
    this.caption = element("figcaption");
    this.legend = element("ul", { class: "legend" });
    this.grid = shape("path", { class: "grid" });
    this.drawn = shape("g");
    this.drawing = shape("svg", { viewBox: `0 0 ${BOX} ${BOX}`, preserveAspectRatio: "none", role: "img" }, this.grid, this.drawn);
    [this.up, this.across] = ["up", "across"].map((name) => element("div", { class: name, "aria-hidden": true }));
    [this.xTitle, this.yTitle] = ["x-title", "y-title"].map((name) => element("p", { class: name }));
    this.node = element("figure", { class: "chart" },
      this.caption, this.legend, this.yTitle, this.up, this.drawing, this.across, this.xTitle);
  }
  load({ title, said, titles, across, up, line = {}, bar = {}, points }) {
    this.caption.textContent = title;
    this.drawing.setAttribute("aria-label", said);
    [this.xTitle.textContent, this.yTitle.textContent] = titles;
    this.rule(across, up, Object.keys(bar).length === 0);
    const marks = [
      ...Object.entries(line).map(([name, path]) => ["line", name, path]),
      ...Object.entries(bar).map(([name, path]) => ["bar", name, path]),
      ...Object.entries(points).map(([name, [x, y]]) => ["point", name, `M${x} ${y}${DOT}`]),
    ];
    const wanted = marks.map(([kind, name]) => `${kind} ${name}`);
    if (wanted.length !== this.marks.size || wanted.some((key) => !this.marks.has(key))) this.name(marks);
    marks.forEach(([, , path], n) => this.marks.get(wanted[n]).setAttribute("d", path));
  }
  // The lines of the grid and the numbers at them; `upright` ones too.
  rule(across, up, upright) {
    const ruled = JSON.stringify([across, up]);
    if (ruled === this.ruled) return;
    this.ruled = ruled;
    const path = [...(upright ? across : []).map(([x]) => `M${x} 0V${BOX}`), ...up.map(([y]) => `M0 ${y}H${BOX}`)];
    this.grid.setAttribute("d", path.join(""));
    for (const [node, ticks] of [[this.across, across], [this.up, up]]) {
      node.replaceChildren(...ticks.map(([at, text]) => {
        const tick = element("span", {}, text);
        tick.style.setProperty("--at", `${(100 * at) / BOX}%`);
        return tick;
      }));
    }
  }
  // Other curves than before, each with its entry in the legend.
  name(marks) {
    const paths = marks.map(([kind], n) => shape("path", { class: `${kind} series-${n}` }));
    this.drawn.replaceChildren(...paths);
    this.marks = new Map(marks.map(([kind, name], n) => [`${kind} ${name}`, paths[n]]));
    const signs = { line: "M0 6H30", bar: "M9 0V12H21V0Z", point: `M15 6${DOT}` };
    this.legend.replaceChildren(...marks.map(([kind, name], n) => element("li", {},
      shape("svg", { viewBox: "0 0 30 12", "aria-hidden": "true" }, shape("path", { class: `${kind} series-${n}`, d: signs[kind] })),
      name)));
  }
}
