// While an article is typed, its preview follows. Nothing is saved by it; without this file the Preview button does it.
(() => {
  "use strict";
  const form = document.querySelector("[data-article]");
  const place = document.querySelector("[data-preview]");
  if (!form || !place) return;
  let timer, asked = 0;
  const show = async () => {
    const number = ++asked;
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "X-Preview": "1" }, credentials: "same-origin", redirect: "error",
    }).catch(() => null);
    if (number !== asked) return;
    if (answer && answer.ok) place.innerHTML = await answer.text();
    else place.textContent = form.dataset.lost;
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 600);
  });
})();
