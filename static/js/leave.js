// The way out, made quicker: one tap, or Shift three times. Without this file the link does the same by itself.
(() => {
  "use strict";
  const link = document.querySelector("[data-leave]");
  if (!link) return;
  const status = document.querySelector("[data-leave-status]");
  const WINDOW_MS = 5000;
  const PATIENCE_MS = 2000;
  let presses = 0;
  let timer = 0;
  let alone = false;

  const say = (text) => {
    if (status) status.textContent = text || "";
  };

  const forget = () => {
    presses = 0;
    clearTimeout(timer);
    say("");
  };

  const leave = () => {
    const cover = document.createElement("div");
    cover.className = "leave-cover";
    cover.setAttribute("role", "alert");
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = link.dataset.sayNow;
    cover.append(word);
    document.body.append(cover);
    document.title = "\u2026";
    // The address ends the session and redirects; replace() takes this page out of Back.
    location.replace(link.href);
    // When the answer is slow, go on without it: the request to end the session is already on its way.
    if (link.dataset.target) setTimeout(() => location.replace(link.dataset.target), PATIENCE_MS);
  };

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  // Shift counts only when pressed and let go by itself, so that typing capitals never counts.
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!alone && presses) forget();
  });
  document.addEventListener("pointerdown", () => {
    alone = false;
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    presses += 1;
    clearTimeout(timer);
    if (presses === 3) {
      leave();
      return;
    }
    say(presses === 1 ? link.dataset.sayTwo : link.dataset.sayOne);
    timer = setTimeout(forget, WINDOW_MS);
  });

  // A page kept by the browser for Back may belong to a session that has ended: ask the server again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
