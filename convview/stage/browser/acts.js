// What is done to a component goes to Python as acts, again until it is answered.

import { awaitAnswer } from "./deaf.js";

export class Acts {
  constructor() {
    this.count = 0;
    this.pending = [];
    this.tries = 0;
  }
  // What a component that Streamlit took down had sent in vain; not after a link was followed.
  takeOver(left, visit) {
    if (this.visit !== undefined && this.visit !== visit) this.pending = [];
    if (left?.visit === visit && left.pending.length) {
      Object.assign(this, { count: left.count, pending: left.pending });
      this.deliver();
    }
    this.visit = visit;
  }
  // While an answer is on its way, acts wait and go together: one more would begin its run anew.
  do(act) {
    this.count += 1;
    this.pending.push({ id: this.count, ...act });
    if (!this.again) this.deliver();
  }
  deliver() {
    this.again = null;
    if (!this.pending.length) return;
    this.send(this.pending);
    awaitAnswer(this, () => this.deliver());
  }
  // id: of the last act that Python has taken in
  acknowledge(id) {
    const answered = this.pending.length && this.pending[0].id <= id;
    this.pending = this.pending.filter((act) => act.id > id);
    this.count = Math.max(this.count, id);
    if (!answered) return;
    this.tries = 0;
    clearTimeout(this.again);
    this.deliver();
  }
  leave() {
    clearTimeout(this.again);
    this.again = null;
  }
}
