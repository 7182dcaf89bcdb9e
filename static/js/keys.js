// One key for each action of the moderators' pages. Off in boxes with text and with modifiers; what cannot be undone
// asks first. Without this file there are buttons.
(() => {
  "use strict";
  const sheet = document.querySelector("[data-keys]");
  const ask = document.querySelector("[data-ask]");
  if (!sheet || !ask) return;
  const STORE = "keys";
  const on = sheet.querySelector("[data-keys-on]");
  const TEXT = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
  let asked = null;

  const able = (one) => one.checkVisibility() || one.closest("details:not([open])");
  const found = (key) => [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && able(one));

  const act = (one) => {
    if (one.dataset.asks) {
      asked = one;
      ask.querySelector("[data-ask-said]").textContent = one.dataset.asks;
      ask.returnValue = "no";
      ask.showModal();
    } else if (one.hasAttribute("data-open-keys")) {
      list();
      sheet.showModal();
    } else {
      one.focus();
      one.click();
    }
  };

  const name = (one) => {
    if (one.labels?.length) return one.labels[0].textContent.trim();
    const copy = one.cloneNode(true);
    for (const hint of copy.querySelectorAll("kbd")) hint.remove();
    return copy.textContent.trim();
  };
  const list = () => {
    const box = sheet.querySelector("[data-key-list]");
    box.replaceChildren();
    for (const one of document.querySelectorAll("[data-key]")) {
      if (!able(one)) continue;
      const row = document.createElement("div");
      const key = document.createElement("dt");
      const said = document.createElement("dd");
      key.append(Object.assign(document.createElement("kbd"), { className: "key", textContent: one.dataset.key }));
      said.textContent = name(one);
      row.append(key, said);
      box.append(row);
    }
  };

  ask.addEventListener("close", () => {
    const one = asked;
    asked = null;
    if (ask.returnValue !== "yes" || !one) return one?.focus();
    const tick = document.getElementById(one.dataset.ticks ?? "");
    if (tick) tick.checked = true;
    one.click();
  });

  const show = () => {
    for (const hint of document.querySelectorAll("kbd.key[hidden], .keys-off kbd.key")) hint.hidden = false;
    document.documentElement.classList.toggle("keys-off", !on.checked);
  };
  on.checked = sessionStorage.getItem(STORE) !== "off";
  on.addEventListener("change", () => {
    sessionStorage.setItem(STORE, on.checked ? "on" : "off");
    show();
  });
  for (const one of document.querySelectorAll("[data-open-keys]")) {
    one.hidden = false;
    one.addEventListener("click", () => {
      list();
      if (!sheet.open) sheet.showModal();
    });
  }
  show();
  document.addEventListener("exchanged", show); // a part of the page came anew, with its hints hidden

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (!on.checked || sheet.open || ask.open || event.target.closest(TEXT)) return;
    const one = found(event.key);
    if (!one) return;
    event.preventDefault();
    act(one);
  });
})();
