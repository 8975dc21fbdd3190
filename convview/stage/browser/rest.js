// Tells the page's pen (pen.js) that what the address does not say yet has come to rest.

const REST = 400; // ms without a change

export class Rest {
  // busy: whether an answer is on its way; then nothing is told, for what it shows rests in turn
  // detail: what of the address the browser itself knows, asked for at rest
  constructor(busy, detail = () => ({})) {
    Object.assign(this, { busy, detail });
  }
  // behind: what tells the state that is shown from others, or 0 where the address says it already
  await(behind) {
    this.stop();
    if (!behind) return;
    this.resting = setTimeout(() => {
      if (this.busy()) return;
      window.dispatchEvent(new CustomEvent("convscope-rest", { detail: { behind, ...this.detail() } }));
    }, REST);
  }
  stop() {
    clearTimeout(this.resting);
  }
}
