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
  const refresh = async () => {
    let answer;
    try {
      answer = await fetch(box.dataset.board, { redirect: "manual" });
    } catch {
      return; // the next time will do
    }
    if (!answer.ok) return;
    const words = await answer.text();
    const fresh = new DOMParser().parseFromString(words, "text/html").body;
    tell(fresh.querySelector("[data-urgent]"));
    if (box.contains(document.activeElement)) return;
    if (fresh.innerHTML.trim() !== box.innerHTML.trim()) box.replaceChildren(...fresh.childNodes);
  };
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
})();
