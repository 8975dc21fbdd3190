// The stopwatch inside the page: what Playwright sees from outside is too late by its own way there.
//
// Times are milliseconds from the event's own time stamp, so waiting for a busy page counts too.

(() => {
  const received = []; // [time, bytes] of each WebSocket message
  const sent = [];
  const size = (data) => data.byteLength ?? data.size ?? new TextEncoder().encode(data).length;

  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", ({ data }) => received.push([performance.now(), size(data)]));
    }
    send(data) {
      sent.push([performance.now(), size(data)]);
      super.send(data);
    }
  };

  const frame = () => new Promise((done) => { requestAnimationFrame(done); });
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  // The first task after a frame callback runs when that frame is laid out and painted.
  const painted = () => frame().then(() => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(0);
  }));

  const resting = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState
    === "notRunning" && performance.now() - (received.at(-1)?.[0] ?? 0) > 120;

  // Resolves at the first of these mutations of the node for which `really` holds.
  const mutation = (node, what, really = () => true) => new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error("nothing changed within 20 s")), 20_000);
    const observer = new MutationObserver(() => {
      if (!really()) return;
      observer.disconnect();
      clearTimeout(late);
      done(performance.now());
    });
    observer.observe(node, what);
  });

  const after = (log, since) => log.filter(([time]) => time >= since);
  const bytes = (log) => log.reduce((total, [, part]) => total + part, 0);

  window.bench = {
    sent,

    // Before a key press: `await bench.move` then tells when the node's text or data-rev changed,
    // and what the whole rerun sent.
    expectMove(node) {
      const read = () => node.dataset.rev ?? node.textContent;
      const before = read();
      const pressed = new Promise((done) => {
        document.addEventListener("keydown", (event) => done(event.timeStamp),
          { capture: true, once: true });
      });
      const changed = mutation(node,
        { attributes: true, subtree: true, childList: true, characterData: true },
        () => read() !== before);
      const shown = changed.then(painted);
      this.move = (async () => {
        const [start, change, paint] = await Promise.all([pressed, changed, shown]);
        while (!resting()) await pause(20);
        const [asked, answers] = [after(sent, start)[0][0], after(received, start)];
        return { changed: change - start, painted: paint - start, sent: asked - start,
          answered: answers.filter(([time]) => time <= change).at(-1)[0] - start,
          bytes: bytes(answers), messages: answers.length };
      })();
    },

    // Before a pointer move: `await bench.hover` is the time until other cells are lit.
    expectHover(stage) {
      const moved = new Promise((done) => {
        document.addEventListener("pointermove", (event) => done(event.timeStamp),
          { capture: true, once: true });
      });
      const lit = mutation(stage, { attributes: true, subtree: true, attributeFilter: ["data-lit"] });
      const shown = lit.then(painted);
      this.hover = (async () => {
        const [start, change, paint] = await Promise.all([moved, lit, shown]);
        return { changed: change - start, painted: paint - start };
      })();
    },

    // The times between the frames of some seconds.
    async frames(seconds) {
      const gaps = [];
      const start = await frame();
      for (let last = start; last - start < 1000 * seconds;) {
        const now = await frame();
        gaps.push(now - last);
        last = now;
      }
      return gaps;
    },
  };
})();
