// The pen that writes the address: it waits for the stage to come to rest, and then tells Python.
//
// It is a component of its own so that this sends nothing but the address.

const pens = new WeakMap();

export default function hold({ parentElement, setTriggerValue }) {
  const pen = pens.get(parentElement) ?? {};
  pen.send = setTriggerValue;
  if (!pens.has(parentElement)) {
    pens.set(parentElement, pen);
    pen.write = ({ detail }) => pen.send("rest", detail);
    window.addEventListener("convscope-rest", pen.write);
  }
  return () => {
    window.removeEventListener("convscope-rest", pen.write);
    pens.delete(parentElement);
  };
}
