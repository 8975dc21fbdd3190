// Which theme the page wears, and its colours from the generated table as lookups.

import { palette } from "./palette.js";

export function themeOf(node) {
  const colour = getComputedStyle(node).getPropertyValue("--st-background-color");
  const [r, g, b] = colour.match(/[\da-f]{2}/gi)?.map((hex) => parseInt(hex, 16)) ?? [255, 255, 255];
  return 0.3 * r + 0.59 * g + 0.11 * b < 128 ? "dark" : "light";
}

// levels: a rule for the cells of each level; rgb: for canvases; css: the rest.
export function readPalette(theme) {
  const { fill, ink, inks, ...css } = palette[theme];
  const fills = fill.match(/.{6}/g);
  return {
    levels: fills.map((hex, level) =>
      `.cell.level-${level} { background: #${hex}; color: ${inks[ink[level]]}; }`).join("\n"),
    rgb: fills.map((hex) => hex.match(/../g).map((byte) => parseInt(byte, 16))),
    css,
  };
}
