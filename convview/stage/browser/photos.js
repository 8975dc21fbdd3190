// Charts, and below them pictures and maps of numbers, one of whose cells is looked at.
//
// Python sends the state (where the sliders stand, which cell is looked at) and, packed, the rest:
// words, charts, and panels of bytes of grey, of colours, or levels of the colour scale. Nothing is
// computed here but where on the screen a cell lies. It speaks for the page's sliders as the stage
// does (see ranges.js).

import { slidersOf } from "../convscope.stage/ranges.js";
import { actsOf } from "./acts.js";
import { Chart } from "./chart.js";
import { element } from "./element.js";
import { inflated } from "./packed.js";
import { Panel } from "./panel.js";
import { Rest } from "./rest.js";
import { readPalette, themeOf } from "./themes.js";

const HEAD = 4; // bytes: how long the part before the next one is
const text = new TextDecoder();
const shown = new WeakMap();

// Not async itself: the cleanup of a promise that another call has overtaken would take down what
// that call shows.
export default function show({ data, parentElement, setTriggerValue, setStateValue, key }) {
  if (!shown.has(parentElement)) shown.set(parentElement, new Photos(parentElement, key));
  const photos = shown.get(parentElement);
  photos.acts.send = (acts) => setTriggerValue("acts", { acts });
  photos.sendMoves = (moves) => setStateValue("moves", moves);
  photos.receive(data);
  return () => {
    photos.leave();
    shown.delete(parentElement);
  };
}

// A part of bytes as JSON, and what follows it.
function split(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return [JSON.parse(text.decode(bytes.subarray(HEAD, HEAD + length))), bytes.subarray(HEAD + length)];
}

class Photos {
  constructor(parent, key) {
    this.parent = parent;
    this.acts = actsOf(key);
    this.resting = new Rest(() => this.acts.waiting || this.sliders?.waiting);
    this.panels = new Map(); // by name
    this.charts = [];
    this.drawings = element("div", { class: "charts" });
    this.places = element("div", { class: "panels" });
    this.notes = element("ul", { class: "notes" });
    this.said = element("p", { class: "said", "aria-live": "polite" });
    this.table = element("table", { hidden: true });
    this.node = element("div", { class: "photos", "data-testid": "photos" },
      this.drawings, this.places, this.said, this.table, this.notes);
    parent.append(this.node);
  }
  receive(data) {
    this.latest = data;
    const [state, panels] = split(data);
    if (this.rev === state.rev) this.draw(state, null);
    else if (panels[0] === 0) this.draw(state, panels); // short, and so not packed
    else {
      inflated(panels).then((bytes) => {
        if (this.latest === data) this.draw(state, new Uint8Array(bytes)); // else a later one was sooner
      });
    }
  }
  leave() {
    this.node.remove();
    this.acts.leave();
    this.resting.stop();
    this.sliders?.leave();
  }
  draw(state, bytes) {
    this.acts.acknowledge(state.ack, state.visit);
    this.resting.await(state.behind);
    this.sliders = slidersOf(state.sliders.of);
    this.sliders.place(state.sliders, this.sendMoves, state.visit);
    this.node.classList.toggle("dimmed", Boolean(state.dimmed));
    this.node.classList.toggle("present", Boolean(state.present));
    this.node.inert = Boolean(state.dimmed);
    const theme = themeOf(this.parent.host ?? this.node);
    if (bytes) this.load(...split(bytes));
    if (theme !== this.theme) {
      this.theme = this.node.dataset.theme = theme;
      this.palette = readPalette(theme);
      Object.entries(this.palette.css).forEach(([name, colour]) => this.node.style.setProperty(`--${name}`, colour));
    }
    for (const panel of this.panels.values()) panel.paint(this.palette);
    this.mark(state);
    this.rev = state.rev;
    Object.assign(this.node.dataset, { rev: state.rev, visit: state.visit });
  }
  load({ charts, panels, notes, table }, bytes) {
    this.chart(charts);
    const views = new Map();
    let start = 0;
    for (const head of panels) {
      const length = head.rows * head.cols * head.planes;
      const panel = this.panels.get(head.name) ?? new Panel((act) => this.acts.do(act));
      panel.load(head, bytes.subarray(start, start + length));
      views.set(head.name, panel);
      start += length;
    }
    this.panels = views;
    this.places.classList.toggle("many", panels.length > 4);
    const nodes = [...views.values()].map(({ node }) => node);
    if (nodes.length !== this.places.children.length || nodes.some((node, n) => node !== this.places.children[n])) {
      this.places.replaceChildren(...nodes);
    }
    const picture = views.get("input");
    for (const panel of views.values()) panel.cover(panel.head.name === "output" ? picture : null);
    this.notes.replaceChildren(...notes.map((note) => element("li", {}, note)));
    this.tabulate(table);
  }
  chart(heads) {
    if (heads.length !== this.charts.length) {
      this.charts = heads.map(() => new Chart());
      this.drawings.replaceChildren(...this.charts.map(({ node }) => node));
    }
    heads.forEach((head, n) => this.charts[n].load(head));
  }
  tabulate([heads, ...rows]) {
    this.table.hidden = !heads;
    if (!heads) return;
    this.table.replaceChildren(
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...rows.map(([name, ...cells]) => element("tr", {},
        element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell))))));
  }
  // The cell that is looked at, and the window that it reads in the picture.
  mark({ look = [], said = "", window: [down, across] = [] }) {
    this.said.textContent = said;
    const [plane, row, col] = look;
    for (const panel of this.panels.values()) {
      const { name, act, plane: own } = panel.head;
      if (act === "look" && !this.acts.pending.length) Object.assign(panel, { row, col });
      if (!look.length) panel.outline(null);
      else if (name === "input") panel.outline([row + down[0], row + down[1]], [col + across[0], col + across[1]]);
      else if (act === "look" && (panel.head.kind === "colour" || own === plane)) panel.outline([row, row], [col, col]);
      else panel.outline(null);
    }
    Object.assign(this.node.dataset, { plane, row, col });
  }
}
