// Sends a form once where its answer gives the visit a new key, or takes a code that works once: a second tap would come
// under the old key, which opens nothing any more, and end at the sign-in page, or be told that the code is unknown.
// After a while it may be pressed again, since the answer may be lost.
(() => {
  "use strict";
  const PATIENCE = 5_000;
  for (const form of document.querySelectorAll("main form:not([data-passkey])")) {
    let pressed = -PATIENCE;
    form.addEventListener("submit", (event) => {
      if (event.timeStamp - pressed < PATIENCE) event.preventDefault();
      else pressed = event.timeStamp;
    });
  }
})();
