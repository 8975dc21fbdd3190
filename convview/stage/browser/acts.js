// What is done to a component goes to Python as acts, again until it is answered.

import { awaitAnswer } from "./deaf.js";

const queues = new Map(); // by the key of the component

// The acts of this component. They outlive it: Streamlit may take it down and put it up again.
export function actsOf(key) {
  if (!queues.has(key)) queues.set(key, new Acts());
  return queues.get(key);
}

class Acts {
  constructor() {
    this.count = 0;
    this.pending = [];
    this.tries = 0;
  }
  get waiting() {
    return this.pending.length > 0;
  }
  // While an answer is on its way, acts wait and go together: one more would begin its run anew.
  // Returns the number by which the answer will call it.
  do(act) {
    this.count += 1;
    this.pending.push({ id: this.count, ...act });
    if (!this.again) this.deliver();
    return this.count;
  }
  deliver() {
    this.again = null;
    if (!this.pending.length) return;
    this.send(this.pending);
    awaitAnswer(this, () => this.deliver());
  }
  // id : of the last act that Python has taken in; true if it was still waited for
  // visit : how often a link was followed; what nobody has answered ends with it
  acknowledge(id, visit) {
    const answered = this.pending.length > 0 && this.pending[0].id <= id;
    this.pending = visit === this.visit ? this.pending.filter((act) => act.id > id) : [];
    this.visit = visit;
    this.count = Math.max(this.count, id);
    if (answered || !this.pending.length) {
      this.tries = 0;
      this.leave();
    }
    if (!this.again) this.deliver();
    return answered;
  }
  leave() {
    clearTimeout(this.again);
    this.again = null;
  }
}
