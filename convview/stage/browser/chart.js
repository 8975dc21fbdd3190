// A chart of curves, bars and points. Where everything is comes from Python, in units of a box that
// the browser stretches: nothing is measured here, and a move of a slider sets some paths.

import { element, shape } from "./element.js";

const DOT = "h0"; // a stroke of no length: its round end

export class Chart {
  constructor() {
    this.caption = element("figcaption");
    this.legend = element("ul", { class: "legend" });
    this.grid = shape("path", { class: "grid" });
    this.drawn = shape("g");
    this.drawing = shape("svg", { preserveAspectRatio: "none", role: "img" }, this.grid, this.drawn);
    [this.up, this.across] = ["up", "across"].map((name) => element("div", { class: name, "aria-hidden": "true" }));
    [this.xTitle, this.yTitle] = ["x-title", "y-title"].map((name) => element("p", { class: name }));
    this.node = element("figure", { class: "chart" },
      this.caption, this.legend, this.yTitle, this.up, this.drawing, this.across, this.xTitle);
  }
  load({ title, said, titles, box, across, up, line = {}, bar = {}, points }) {
    this.caption.textContent = title;
    this.drawing.setAttribute("aria-label", said);
    [this.xTitle.textContent, this.yTitle.textContent] = titles;
    const marks = [
      ...Object.entries(line).map(([name, path], n) => ["line", name, n, path]),
      ...Object.entries(bar).map(([name, path], n) => ["bar", name, n, path]),
      ...Object.entries(points).map(([name, [x, y, n]]) => ["point", name, n, `M${x} ${y}${DOT}`]),
    ];
    this.rule(box, across, up, Object.keys(bar).length === 0);
    this.list(marks);
    marks.forEach(([, , , path], n) => {
      this.drawn.children[n].setAttribute("d", path);
      this.drawn.children[n].classList.toggle("over", marks.slice(0, n).some((mark) => mark[3] === path));
    });
  }
  // The grid, which bars need in one direction only, and the numbers at its lines.
  rule(box, across, up, upright) {
    const ruled = JSON.stringify([box, across, up, upright]);
    if (ruled === this.ruled) return;
    this.ruled = ruled;
    this.drawing.setAttribute("viewBox", `0 0 ${box} ${box}`);
    const path = [...(upright ? across : []).map(([x]) => `M${x} 0V${box}`), ...up.map(([y]) => `M0 ${y}H${box}`)];
    this.grid.setAttribute("d", path.join(""));
    for (const [node, ticks] of [[this.across, across], [this.up, up]]) {
      node.replaceChildren(...ticks.map(([at, text]) => {
        const tick = element("span", {}, text);
        tick.style.setProperty("--at", `${(100 * at) / box}%`);
        return tick;
      }));
    }
  }
  // A path for each of the marks, and its entry in the legend.
  list(marks) {
    const listed = JSON.stringify(marks.map(([kind, name, colour]) => [kind, name, colour]));
    if (listed === this.listed) return;
    this.listed = listed;
    const look = ([kind, , colour]) => `${kind} series-${colour}`;
    this.drawn.replaceChildren(...marks.map((mark) => shape("path", { class: look(mark) })));
    const signs = { line: "M0 6H30", bar: "M9 0V12H21V0Z", point: `M15 6${DOT}` };
    this.legend.replaceChildren(...marks.map((mark) => element("li", {},
      shape("svg", { viewBox: "0 0 30 12", "aria-hidden": "true" }, shape("path", { class: look(mark), d: signs[mark[0]] })),
      mark[1])));
  }
}
