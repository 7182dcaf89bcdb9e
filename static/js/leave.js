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
  let isLeaving = false;

  const say = (text) => {
    if (status) status.textContent = text || "";
  };

  const forget = () => {
    presses = 0;
    clearTimeout(timer);
    say("");
  };

  const cover = () => {
    // An open dialog lies above everything. Its question ends with no.
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    const sheet = document.createElement("div");
    sheet.className = "leave-cover";
    sheet.setAttribute("role", "alert");
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = link.dataset.sayNow;
    sheet.append(word);
    document.body.append(sheet);
    document.title = "\u2026";
  };

  // Asked beside this page, not opened in its place: what failed in its place would be an error page that names us.
  // The answer ends the visit and takes the cookies; kept alive, the request outlives this page.
  const endVisit = async () => {
    try {
      await fetch(link.href, { keepalive: true, redirect: "manual", cache: "no-store" });
    } catch {
      // Offline, or nobody answers: go all the same.
    }
  };

  const leave = async () => {
    if (isLeaving) return;
    isLeaving = true;
    cover();
    // A page that is on its way would take the place of this one, uncovered.
    window.stop();
    await Promise.race([endVisit(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    // replace() takes this page out of Back.
    location.replace(link.dataset.target);
  };

  for (const name of ["click", "auxclick"]) {
    link.addEventListener(name, (event) => {
      if (event.button === 2) return;
      event.preventDefault();
      leave();
    });
  }

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
