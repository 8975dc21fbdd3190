// One way through a scene: a sweep, its outlines, its written sum, its magnified window.

import { element } from "./element.js";
import { Lens } from "./lens.js";
import { Taps } from "./taps.js";
import { link, sentence, sum } from "./words.js";

// At a step of the way that leads, the step of another with so many: they end together.
export const paced = (step, steps, ofLead) => Math.ceil(((step + 1) * steps) / ofLead) - 1;

export class Way {
  constructor(handlers, reveal) {
    this.text = element("div", { class: "step-text", "data-testid": "step-text" });
    this.link = element("div", { class: "link-text", "data-testid": "link-text" });
    this.button = element("button", { type: "button", class: "reveal", onclick: reveal }, "Reveal");
    this.lens = new Lens(handlers);
    this.written = element("div", { class: "written" }, this.text, this.button, this.link);
    this.words = element("div", { class: "words" }, this.lens.node, this.written);
  }
  load(sweep, scene) {
    this.sweep = sweep;
    this.taps = new Taps(sweep, scene.grids);
    this.scene = { ...scene, ...sweep, taps: this.taps };
    const [pairs, rows] = [sweep.pairs[0].length, sweep.weightRows.length];
    this.lines = Math.min(sweep.partials ? 2 * pairs : rows, 7) + 1;
    this.scatters = sweep.mode === "scatter";
    this.story = this.scatters && this.taps.read.history ? this.tell() : null;
  }
  // Of each cell that is scattered into: [[step, what it holds from there on], ...].
  tell() {
    const { taps } = this;
    const { read } = taps;
    const story = read.planes.map(() => Array.from({ length: read.height * read.width }, () => []));
    let n = 0;
    for (let step = 0; step < taps.steps; step++) {
      for (const { read: [plane, row, col] } of taps.ofOut(taps.cell(step))) {
        story[plane][read.position(row, col)].push([step, read.history[n]]);
        n += 1;
      }
    }
    return story;
  }
  // What the cells of a plane hold after a step, as `show` takes it; untouched ones are to come.
  filled(plane, out) {
    const [story, step] = [this.story[plane], this.taps.step(out)];
    const empty = this.taps.read.values.indexOf(0);
    return {
      held: (position) => story[position].findLast(([at]) => at <= step)?.[1] ?? empty,
      veiled: (position) => (story[position][0]?.[0] <= step ? "" : "future"),
    };
  }
  // What a cell holds after a step, if more is added to it later.
  sofar({ grid, cell }, out) {
    if (!this.story || grid !== this.sweep.reads) return null;
    const [plane, row, col] = cell;
    const { read } = this.taps;
    const position = read.position(row, col);
    const [last] = this.story[plane][position].at(-1) ?? [-1];
    if (last <= this.taps.step(out)) return null;
    const entry = this.filled(plane, out).held(position);
    return { label: read.labels[entry], rounded: read.isCut(entry) };
  }
  has(name) {
    const { steps, reads, weights, bias } = this.sweep;
    return [steps, reads, weights, bias].includes(name) || name in this.scene.totals;
  }

  // What a step does with a cell that it reads, in short: \u00d73, max, \u00f74, +5.
  act(site) {
    const { sweep, taps } = this;
    if (taps.weight) return `\u00d7${taps.weight.label(site.weight)}`;
    const step = taps.step(site.out);
    if (sweep.shares) return signed(sweep.shares[step]);
    return sweep.divisors ? `\u00f7${sweep.divisors[step]}` : "";
  }
  // Of a maximum: each cell that holds it, the winner and those that come too late.
  maxima(out, won, late) {
    const { taps } = this;
    return taps.equals(out).map((site) =>
      [taps.read.position(site.read[1], site.read[2]), taps.wins(site) ? won : late]);
  }
  // Outline what this step's cells are, on each drawing of one of this way's grids.
  frame(drawings, out, below, hidden) {
    const { sweep, taps } = this;
    const [plane, i, j] = out;
    const [rows, cols] = [sweep.rows[i], sweep.cols[j]];
    const acts = new Map(sweep.pairs[plane].map(([c]) => [c, new Map()]));
    for (const site of taps.ofOut(out)) {
      const act = this.act(site);
      if (act) acts.get(site.read[0]).set(taps.read.position(site.read[1], site.read[2]), act);
    }
    const maxima = sweep.picks && !hidden ? this.maxima(out, "max", "= max") : [];
    const marked = sweep.picks && this.scatters ? this.maxima(out, signed(sweep.shares[taps.step(out)]), "+0") : maxima;
    for (const [at, act] of marked) acts.get(plane).set(at, act);
    this.framed = acts;
    const used = new Set(sweep.pairs[plane].map(([, k]) => k));
    for (const one of drawings) {
      const { name, height, width } = one.grid;
      if (name === sweep.steps) {
        if (one.plane === plane) one.frame([i], [j]);
        else one.unframe();
      } else if (name === sweep.reads) {
        if (acts.has(one.plane) && rows.length && cols.length) one.frame(rows, cols, acts.get(one.plane));
        else one.unframe();
      } else if (below[name] === sweep.reads) {
        // Of a pooling the maxima are marked where they stand, too.
        const won = sweep.picks && new Map(one.plane === plane ? maxima : []);
        if (one.grid.planes.length === 1 || acts.has(one.plane)) one.frame(rows, cols, won);
        else one.unframe();
      } else if (name === sweep.weights) {
        if (used.has(one.plane)) one.frame([0, height - 1], [0, width - 1]);
        else one.unframe();
      }
    }
  }
  // placed : how many of this way's steps end with the one that is shown
  write(out, { focus, sites, hidden, here, isHidden, placed }) {
    this.text.classList.toggle("long", this.taps.ofOut(out).length > 30);
    this.text.classList.toggle("parts", Boolean(this.sweep.partials));
    this.text.replaceChildren(...sum(this.scene, out, hidden, placed));
    this.link.replaceChildren(...(focus ? link(this.scene, focus, sites, isHidden, this.sofar(focus, out)) : []));
    this.button.hidden = !hidden || !here;
  }
  sentence(out, hidden) {
    return sentence(this.scene, out, hidden);
  }
}

const signed = (label) => (label.startsWith("\u2212") ? label : `+${label}`);
