// The lessons' names on top: links that Streamlit follows without loading everything anew.
//
// Its own navigation is drawn again with every message, a tenth of what a slider's move takes.
// The links stand in the page itself: axe takes Streamlit's link to the main content for a stray
// one where the first link after it lies in a shadow tree.

import { element } from "./element.js";

const KEPT = ["embed", "embed_options", "present"]; // of the query, from lesson to lesson
const MOST = 1000; // parameters: of a link with more Streamlit tells Python none

export default function show({ data, parentElement }) {
  const asked = new URLSearchParams(window.location.search);
  const kept = new URLSearchParams(KEPT.filter((name) => asked.has(name)).map((name) => [name, asked.get(name)]));
  const links = data.pages.map(({ path, title }) => {
    const url = new URL(`./${path}`, window.location.href); // all pages lie side by side
    url.search = kept;
    return element("a", { href: url.href, "aria-current": path === data.here && "page", onclick: follow }, title);
  });
  parentElement.querySelectorAll("nav, .unread").forEach((node) => node.remove());
  parentElement.append(element("nav", { class: "lessons", "aria-label": "Lessons" }, ...links));
  const count = window.location.search.split("&").length;
  if (count > MOST) {
    parentElement.append(element("p", { class: "unread", role: "status" },
      `Link not read: it has ${count.toLocaleString("en")} parameters; up to ${MOST.toLocaleString("en")} are read.`));
  }
}

// As if the visitor had gone back or forward to that page; a new tab is the browser's to open.
function follow(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  window.history.pushState({}, "", event.currentTarget.href);
  window.dispatchEvent(new PopStateEvent("popstate"));
}
