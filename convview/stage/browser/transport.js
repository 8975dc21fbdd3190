// Play, step, scrub, speed, loop. It knows steps, not what they show.

import { element, icon } from "./element.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
export const USUAL_SPEED = 2; // 1x
const SECONDS_PER_STEP = 0.9; // at speed 1
const PATHS = {
  "First step": "M6 5h2v14H6zM20 5v14L9 12z",
  "Previous step": "M17 5v14L6 12z",
  Play: "M7 4v16l13-8z",
  Pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  "Next step": "M7 5v14l11-7z",
  "Last step": "M4 5v14l11-7zM16 5h2v14h-2z",
};

export class Transport {
  // show(step, byHand): draw this step. settled(): playback came to rest.
  constructor({ show, settled }) {
    Object.assign(this, { show, settled, step: 0, steps: 1, speed: USUAL_SPEED, loop: false });
    const button = (label, act) =>
      element("button", { type: "button", "aria-label": label, title: label, onclick: act },
        icon(PATHS[label]));
    this.first = button("First step", () => this.go(0));
    this.previous = button("Previous step", () => this.back());
    this.play = button("Play", () => this.toggle());
    this.play.classList.add("play");
    this.next = button("Next step", () => this.forward());
    this.last = button("Last step", () => this.go(this.steps - 1));
    this.scrub = element("input", { type: "range", min: 0, step: 1, "aria-label": "Step",
      class: "scrub", oninput: () => this.go(Number(this.scrub.value)) });
    this.pace = element("input", { type: "range", min: 0, max: SPEEDS.length - 1, step: 1,
      "aria-label": "Speed", class: "pace", oninput: () => this.setSpeed(Number(this.pace.value)), onchange: () => settled() });
    this.count = element("output", { class: "count" });
    this.paceText = element("output", { class: "pace-text" });
    this.again = element("button", { type: "button", class: "loop", "aria-pressed": "false",
      onclick: () => {
        this.setLoop(!this.loop);
        settled();
      } }, "Loop");
    this.node = element("div", { class: "transport", role: "group", "aria-label": "Playback" },
      element("div", { class: "buttons" }, this.first, this.previous, this.play, this.next, this.last),
      element("div", { class: "where" }, this.scrub, this.count),
      element("div", { class: "how" }, element("span", { class: "pace-label" }, "Speed"),
        this.pace, this.paceText, this.again));
    this.setSpeed(this.speed);
  }

  // New data: keep the place if it still exists.
  fit(steps) {
    this.steps = steps;
    this.step = Math.min(this.step, steps - 1);
    this.scrub.max = steps - 1;
    this.reveal = null;
    if (steps < 2) this.pause();
    this.mark();
  }
  // `reveal()` may take a step forward's place: in predict mode it uncovers first.
  forward() {
    if (this.reveal?.()) return;
    this.go(this.step + 1);
  }
  back() {
    this.go(this.step - 1);
  }
  go(step) {
    this.pause();
    this.move(step, true);
  }
  move(step, byHand) {
    this.step = Math.min(this.steps - 1, Math.max(0, step));
    this.mark();
    this.show(this.step, byHand);
  }
  mark() {
    this.scrub.value = this.step;
    this.scrub.style.setProperty("--part", this.steps > 1 ? this.step / (this.steps - 1) : 1);
    this.scrub.setAttribute("aria-valuetext", `step ${this.step + 1} of ${this.steps}`);
    this.count.textContent = `step ${this.step + 1} of ${this.steps}`;
  }
  setSpeed(index) {
    this.speed = Math.min(SPEEDS.length - 1, Math.max(0, index));
    this.pace.value = this.speed;
    this.pace.style.setProperty("--part", this.speed / (SPEEDS.length - 1));
    this.pace.setAttribute("aria-valuetext", `${SPEEDS[this.speed]} times`);
    this.paceText.textContent = `${SPEEDS[this.speed]}\u00d7`;
  }
  setLoop(loop) {
    this.loop = loop;
    this.again.setAttribute("aria-pressed", loop);
  }
  get place() {
    const { step, speed, loop } = this;
    return { step, speed, loop };
  }
  set place({ step, speed, loop }) {
    this.setSpeed(speed ?? this.speed);
    this.setLoop(Boolean(loop));
    this.step = Math.min(step ?? 0, this.steps - 1);
    this.mark();
  }
  get duration() {
    return (1000 * SECONDS_PER_STEP) / SPEEDS[this.speed];
  }
  toggle() {
    if (this.frame) return this.pause();
    if (this.steps < 2) return undefined;
    if (this.step === this.steps - 1) this.move(0, false);
    this.play.setAttribute("aria-label", "Pause");
    this.play.title = "Pause";
    this.play.replaceChildren(icon(PATHS.Pause));
    this.since = performance.now();
    this.frame = requestAnimationFrame((now) => this.tick(now));
    return this.settled();
  }
  tick(now) {
    this.frame = requestAnimationFrame((later) => this.tick(later));
    const due = Math.floor((now - this.since) / this.duration);
    if (due < 1) return;
    // A tab that slept does not rush through what it missed.
    this.since = due > 3 ? now : this.since + due * this.duration;
    const end = this.steps - 1;
    if (this.step < end) this.move(this.step + 1, false);
    else if (this.loop) this.move(0, false);
    else this.pause();
  }
  pause() {
    if (!this.frame) return;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.play.setAttribute("aria-label", "Play");
    this.play.title = "Play";
    this.play.replaceChildren(icon(PATHS.Play));
    this.settled();
  }
  get playing() {
    return Boolean(this.frame);
  }
}
