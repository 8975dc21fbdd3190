// Editing a number in its cell. What is no number is refused in place, and nothing is lost.

import { element } from "./element.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i;
const LARGEST = 1000000;

// Why this text is not taken, or "".
export function refusal(text) {
  if (!text) return "A cell needs a number; Escape leaves it as it was.";
  if (/^[+-]?\d+,\d+$/.test(text)) return `Write ${text.replace(",", ".")}: the decimal sign is a point.`;
  if (text.includes("/")) return "Write a decimal number, such as 0.25.";
  if (!NUMBER.test(text)) return "That is no number. Write one such as \u22123 or 0.25.";
  if (Math.abs(Number(text)) > LARGEST) return "Numbers from \u22121,000,000 to 1,000,000 are taken.";
  return "";
}

export class Editor {
  // accept(cell, text), next(node, back): open the next cell, done(node): give the focus back.
  constructor({ accept, next, done }) {
    Object.assign(this, { accept, next, done });
  }
  open(node, text, label) {
    if (this.node === node) return;
    if (this.node && !this.commit()) return;
    this.node = node;
    this.where = { ...node.dataset };
    this.before = text;
    this.input = element("input", { class: "edit", value: text.replace("\u2212", "-"),
      inputmode: "text", enterkeyhint: "done", autocomplete: "off", maxlength: "30",
      "aria-label": `New value of ${label}` });
    this.note = element("span", { class: "refusal", role: "alert" });
    this.mark(node, true);
    node.append(this.input, this.note);
    this.input.onkeydown = (event) => this.keydown(event);
    this.input.onblur = () => this.node && this.commit();
    this.input.onclick = (event) => event.stopPropagation();
    this.input.focus();
    this.input.select();
  }
  keydown(event) {
    event.stopPropagation();
    const { node } = this;
    if (event.key === "Escape") {
      this.close();
      this.done(node);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      if (!this.commit()) return;
      if (event.key === "Tab") this.next(node, event.shiftKey);
      else this.done(node);
    }
  }
  // Whether the text was taken (or is as it was).
  commit() {
    const text = this.input.value.trim().replace("\u2212", "-");
    const why = refusal(text);
    this.note.textContent = why;
    this.input.setAttribute("aria-invalid", Boolean(why));
    if (why) return false;
    const { node, before } = this;
    this.close();
    if (text !== before.replace("\u2212", "-")) this.accept(node.cell, text, node);
    return true;
  }
  // Cells are taken up again for others: the editor goes where its own cell went, or closes.
  follow(find) {
    if (!this.node) return;
    const found = find(this.where);
    if (found === this.node) return;
    if (!found) {
      this.close();
      return;
    }
    const { input, note, node } = this;
    this.node = null; // so that the blur of moving it commits nothing
    this.mark(node, false);
    this.mark(found, true);
    found.append(input, note);
    this.node = found;
    input.focus();
  }
  close() {
    const { node, input, note } = this;
    this.node = null;
    this.mark(node, false);
    input.remove();
    note.remove();
  }
  mark(node, open) {
    node.classList.toggle("editing", open);
    node.closest(".plane")?.classList.toggle("edited", open);
  }
}
