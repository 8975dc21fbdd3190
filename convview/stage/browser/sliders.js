// The place of a lesson's sliders in the page; a stage speaks for them (see ranges.js).
//
// Streamlit serves the same file to each component at an address of its own; the sliders are those
// that the stage knows only if they come from its address.

import { slidersOf } from "../convscope.stage/ranges.js";

export default function show({ data, parentElement }) {
  const panel = slidersOf(data.of);
  panel.fill(data.ranges);
  parentElement.append(panel.node);
  return () => panel.node.remove();
}
