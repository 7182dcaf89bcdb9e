// The live counts: the numbers are in the page already, this keeps them true while somebody looks.
(() => {
  "use strict";
  const box = document.querySelector("[data-live]");
  if (!box || !("EventSource" in window)) return;
  const format = new Intl.NumberFormat(document.documentElement.lang || undefined);
  let source = null;

  const show = (event) => {
    let counts;
    try {
      counts = JSON.parse(event.data);
    } catch {
      return;
    }
    for (const element of document.querySelectorAll("[data-count]")) {
      const value = counts[element.dataset.count];
      if (!Number.isSafeInteger(value)) continue;
      const text = format.format(value);
      if (element.textContent === text) continue;
      element.textContent = text;
      element.classList.remove("is-new");
      requestAnimationFrame(() => element.classList.add("is-new"));
    }
  };

  const open = () => {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(box.dataset.live);
    source.addEventListener("message", show);
  };

  const close = () => {
    if (source) source.close();
    source = null;
  };

  const follow = () => (document.visibilityState === "visible" ? open() : close());
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  follow();
})();
