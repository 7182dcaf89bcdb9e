// The board stays true while it is open, also behind other tabs: its changing part is asked for again now and then.
// Who may need help now stands in the title, and is said once when the number changes.
(() => {
  "use strict";
  const box = document.querySelector("[data-board]");
  if (!box) return;
  const EVERY = 20_000;
  const said = document.querySelector("[data-board-said]");
  const title = document.title.replace(/^\(\d+\) /, "");
  let urgent = box.querySelector("[data-urgent]")?.dataset.urgent ?? "";
  const tell = (found) => {
    const number = found?.dataset.urgent ?? "";
    if (number === urgent) return;
    urgent = number;
    document.title = number ? `(${number}) ${title}` : title;
    said.textContent = found?.dataset.said ?? "";
  };
  let shown = null;
  // What has the focus, found again by its key, or by what it is.
  const focused = () => {
    const one = box.contains(document.activeElement) ? document.activeElement : null;
    if (!one || one === box) return "";
    return one.dataset.key ? `[data-key="${one.dataset.key}"]` : one.getAttribute("role") === "region" ? "[role=region]" : ":scope";
  };
  const refresh = async () => {
    let answer;
    try {
      answer = await fetch(box.dataset.board, { redirect: "manual" });
    } catch {
      return; // the next time will do
    }
    if (!answer.ok) return;
    const words = await answer.text();
    if (words === shown) return;
    shown = words;
    const fresh = new DOMParser().parseFromString(words, "text/html").body;
    tell(fresh.querySelector("[data-urgent]"));
    const place = focused();
    const across = box.querySelector("[role=region]")?.scrollLeft ?? 0;
    box.replaceChildren(...fresh.childNodes);
    const table = box.querySelector("[role=region]");
    if (table) table.scrollLeft = across;
    if (place) (place === ":scope" ? box : (box.querySelector(place) ?? box)).focus({ preventScroll: true });
    document.dispatchEvent(new Event("exchanged"));
  };
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
})();
