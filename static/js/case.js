// A moderator's page: keeps the lease while somebody is here, lets it go when they leave, marks passages.
// Without this file a lease simply runs out, and passages are copied by hand.
(() => {
  "use strict";
  const lease = document.getElementById("lease");
  const form = document.getElementById("decision");
  if (!lease || !form) return;

  const EVERY = 5 * 60_000;
  const SOON = 20_000;
  const ASKED = 60 * 60_000; // later than any answer that is still on its way
  const HIDDEN_FOR = 10 * 60_000;
  const said = lease.querySelector("[data-lease-said]");
  const lost = document.querySelector("[data-lease-lost]");
  const away = document.querySelector("[data-lease-away]");
  let until = new Date(lease.dataset.until);
  let hiddenSince = document.hidden ? Date.now() : 0;
  let timer = 0;
  let isOver = false;
  let isSending = false;
  let asking = null;

  const body = (more = {}) =>
    new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      token: lease.dataset.token,
      ...more,
    });

  const tell = () => {
    const time = until.toLocaleTimeString(document.documentElement.lang || undefined, {
      hour: "2-digit",
      minute: "2-digit",
    });
    said.textContent = lease.dataset.held.replace("%time%", time);
  };

  const end = () => {
    isOver = true;
    clearTimeout(timer);
    lease.hidden = true;
    away.hidden = true;
    lost.hidden = false;
  };

  const plan = (wait) => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(renew, wait);
  };

  async function renew() {
    if (isOver) return;
    if (hiddenSince && Date.now() - hiddenSince > HIDDEN_FOR) {
      if (Date.now() > until) end();
      return; // nobody has looked for long: the lease runs out by itself
    }
    let answer;
    asking = new AbortController();
    try {
      const how = { method: "POST", body: body(), redirect: "manual", signal: asking.signal };
      answer = await fetch(lease.dataset.renew, how);
      if (answer.ok) until = new Date((await answer.json()).until);
    } catch {
      answer = null;
    }
    asking = null;
    if (isSending) {
      plan(EVERY); // a decision is on its way and ends the lease; should it be stopped, the page goes on
      return;
    }
    if (answer?.ok) {
      away.hidden = true;
      tell();
      plan(EVERY);
    } else if (answer && answer.status < 500 && answer.status !== 429) {
      end();
    } else {
      away.hidden = false;
      plan(SOON);
    }
  }

  document.addEventListener("visibilitychange", () => {
    hiddenSince = document.hidden ? Date.now() : 0;
    if (!document.hidden && !isSending) renew();
  });
  addEventListener("pageshow", (event) => {
    isSending = false;
    if (event.persisted) renew();
  });
  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isSending = true;
    asking?.abort();
  });
  addEventListener("pagehide", () => {
    if (isSending || isOver) return;
    // What this page knows of the lease: when it was renewed since, another page has it, and it stays.
    const known = asking ? new Date(until.getTime() + ASKED) : until;
    navigator.sendBeacon(lease.dataset.release, body({ leaving: known.toISOString() }));
  });
  tell();
  renew().then(() => plan(SOON));

  // Enter on a ticked box would press the form's first button; a decision is pressed, never slipped into.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "checkbox") event.preventDefault();
  });

  // Passages: words selected in the text go to the list, one line each.
  const page = document.querySelector("[data-passages]");
  const mark = document.querySelector("[data-mark]");
  if (!mark) return; // a text that is read again to compare has no letter
  const markSaid = document.querySelector("[data-mark-said]");
  const list = document.getElementById(mark.dataset.mark);
  let selected = "";

  const words = (range) => {
    const part = range.cloneContents();
    for (const element of part.querySelectorAll("[data-not-text], .signal__label")) element.remove();
    for (const element of part.querySelectorAll("br")) element.replaceWith(" ");
    return part.textContent.replace(/\s+/g, " ").trim();
  };

  const take = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    const isText = page.contains(around) && !(around.closest ? around : around.parentElement).closest("[data-not-text]");
    if (isText) selected = words(range);
  };
  document.addEventListener("selectionchange", take);
  take(); // what was selected before this file ran
  mark.addEventListener("pointerdown", take); // the browser tells of a selection a little later
  mark.hidden = false;
  mark.addEventListener("click", () => {
    markSaid.textContent = selected ? `${mark.dataset.marked} ${selected}` : mark.dataset.nothing;
    if (!selected) return;
    const lines = list.value.split("\n").filter((line) => line.trim());
    if (!lines.includes(selected)) lines.push(selected);
    list.value = `${lines.join("\n")}\n`;
    selected = "";
  });
})();
