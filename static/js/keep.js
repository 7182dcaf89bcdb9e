// Keeps what is typed as a draft: once a minute, and when the page is hidden or left. Never on the way out, which
// leaves nothing behind and waits for nothing. Without this file each button keeps it, and help opens in another tab.
(() => {
  "use strict";
  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  for (const link of document.querySelectorAll("[data-beside]")) {
    for (const name of ["target", "rel", "title", "data-beside"]) link.removeAttribute(name);
  }

  const EVERY = 60_000;
  const PATIENCE = 10_000;
  const SOON = 1_000;
  const OUTLIVES = 60_000; // bytes of a request that may outlive its page; browsers take up to 64 KB
  const AROUND = 200; // bytes that a field takes beside its name and value
  const said = form.querySelector("[data-not-kept]");
  let isChanged = "unsaved" in form.dataset;
  let isPressed = false;
  let sending = null;
  let unanswered = null; // what was sent last, while nobody knows whether it arrived

  const isLeaving = () => document.querySelector(".leave-cover") !== null;

  const isSmall = (fields) => {
    let bytes = 0;
    for (const pair of fields) bytes += new Blob(pair).size + AROUND;
    return bytes < OUTLIVES;
  };

  const send = async (fields) => {
    let answer = null;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        keepalive: isSmall(fields),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      // Offline, or slow: it is sent again.
    }
    sending = null;
    unanswered = answer ? null : fields;
    if (answer?.headers.has("seen")) form.elements.seen.value = answer.headers.get("seen");
    if (!answer?.ok) isChanged = true;
    said.textContent = answer?.ok ? "" : said.dataset.notKept;
  };

  const keep = ({ isLast = false } = {}) => {
    if (sending || isPressed || isLeaving()) return;
    let fields = isLast ? null : unanswered;
    if (!fields) {
      if (!isChanged) return;
      isChanged = false;
      fields = new FormData(form);
      fields.set("by-itself", "1");
    }
    sending = send(fields);
  };

  form.querySelector("[data-by-itself]").hidden = false;
  form.addEventListener("input", () => {
    isChanged = true;
    isPressed = false;
  });
  form.addEventListener("submit", (event) => {
    if (!sending) {
      isPressed = true;
      return;
    }
    // Together they would look like two pages that know nothing of each other.
    event.preventDefault();
    const button = event.submitter;
    sending.then(() => form.requestSubmit(button));
  });
  document.addEventListener("visibilitychange", () => keep({ isLast: document.hidden }));
  // The first comes before the next page is asked for; where it is not told, the second is.
  for (const name of ["beforeunload", "pagehide"]) addEventListener(name, () => keep({ isLast: true }));
  setInterval(keep, EVERY);

  // Whoever comes back at once may be shown what the draft held before the last words arrived.
  const lookAgain = async () => {
    const page = await fetch(location.href).then((answer) => answer.text(), () => "");
    const now = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-keeps]");
    if (isChanged || sending || isPressed || isLeaving()) return;
    if (now && now.elements.seen.value !== form.elements.seen.value) location.reload();
  };
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") setTimeout(lookAgain, SOON);
})();
