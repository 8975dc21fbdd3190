// The place of the stage in the address, so that a reload or a copied link opens at this step.

import { Rest } from "./rest.js";
import { USUAL_SPEED } from "./transport.js";

const PLACE = 300; // ms without a step

export class Address {
  // busy: whether an answer is on its way
  constructor(transport, busy) {
    this.transport = transport;
    this.resting = new Rest(busy, () => {
      const { step, speed, loop } = this.transport.place;
      return { ...(step && { step }), ...(speed !== USUAL_SPEED && { speed }), ...(loop && { loop: 1 }) };
    });
  }
  remember() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => {
      const { step, speed, loop } = this.transport.place;
      const url = new URL(window.location.href);
      const put = (name, value, usual) =>
        value === usual ? url.searchParams.delete(name) : url.searchParams.set(name, value);
      put("step", step, 0);
      put("speed", speed, USUAL_SPEED);
      put("loop", Number(loop), 0);
      if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
    }, PLACE);
  }
  // A slider's run leaves the address to be written when the slider rests: see pen.js.
  rest(behind) {
    this.resting.await(behind);
  }
  stop() {
    clearTimeout(this.remembering);
    this.resting.stop();
  }
}
