// Copy and print buttons. They stand hidden in the page, because without this file they could do nothing.
(() => {
  "use strict";
  const textOf = (element) =>
    "value" in element ? element.value : element.innerText.trim();

  const byHand = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) continue;
    const said = button.closest("[data-copy-area]")?.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      let done = true;
      try {
        await navigator.clipboard.writeText(source.dataset.text || textOf(source));
      } catch {
        byHand(source);
        done = false;
      }
      if (said) said.textContent = done ? button.dataset.done : button.dataset.byHand;
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
