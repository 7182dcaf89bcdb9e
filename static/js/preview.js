// While an article is typed, its preview follows. Nothing is saved by it; without this file the Preview button does it.
(() => {
  "use strict";
  const form = document.querySelector("[data-article]");
  const place = document.querySelector("[data-preview]");
  if (!form || !place) return;
  let timer, asked = 0;
  const show = async () => {
    const number = ++asked;
    const answer = await fetch(location.pathname, {
      method: "POST", body: new FormData(form), headers: { "X-Preview": "1" }, credentials: "same-origin",
    }).catch(() => null);
    if (answer && answer.ok && number === asked) place.innerHTML = await answer.text();
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 600);
  });
})();
