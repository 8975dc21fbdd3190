// Tells the page's pen (pen.js) that what the address does not say yet has come to rest.

const REST = 400; // ms without a change

export class Rest {
  // detail: what of the address the browser itself knows, asked for at rest
  constructor(detail = () => ({})) {
    this.detail = detail;
  }
  await(behind) {
    this.stop();
    if (!behind) return;
    this.resting = setTimeout(() =>
      window.dispatchEvent(new CustomEvent("convscope-rest", { detail: this.detail() })), REST);
  }
  stop() {
    clearTimeout(this.resting);
  }
}
