// The board stays true while somebody looks: its changing part is asked for again now and then.
(() => {
  "use strict";
  const box = document.querySelector("[data-board]");
  if (!box) return;
  const EVERY = 20_000;
  const refresh = async () => {
    if (document.hidden || box.contains(document.activeElement)) return;
    let answer;
    try {
      answer = await fetch(box.dataset.board, { redirect: "manual" });
    } catch {
      return; // the next time will do
    }
    if (!answer.ok) return;
    const words = await answer.text();
    const fresh = new DOMParser().parseFromString(words, "text/html").body;
    if (fresh.innerHTML.trim() !== box.innerHTML.trim()) box.replaceChildren(...fresh.childNodes);
  };
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
})();
