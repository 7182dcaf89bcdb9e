// Puts what screening highlighted into the passages, and general words in place of selected ones in the copies.
// Without this file passages are copied and the copies changed by hand.
(() => {
  "use strict";
  const form = document.getElementById("decision");
  if (!form) return;

  const take = form.querySelector("[data-take-all]");
  if (take) {
    take.hidden = false;
    take.addEventListener("click", () => {
      const list = document.getElementById(take.dataset.takeAll);
      const known = list.value.split("\n").filter((line) => line.trim());
      const seen = JSON.parse(document.getElementById(take.dataset.found).textContent);
      list.value = `${[...new Set([...known, ...seen])].join("\n")}\n`;
      for (const code of take.dataset.rules.split(" ")) {
        const box = form.querySelector(`input[name="rules"][value="${code}"]`);
        if (box) box.checked = true;
      }
    });
  }

  const kinds = form.querySelector("[data-stand-ins]");
  if (!kinds) return;
  const said = form.querySelector("[data-stand-in-said]");
  const page = document.querySelector("[data-passages]");
  const copies = [...form.querySelectorAll("[data-copy-of]")];
  kinds.hidden = false;
  let last = null; // the copy in which something was selected last, with the place
  let selected = "";

  document.addEventListener("selectionchange", () => {
    const here = document.activeElement;
    if (copies.includes(here)) {
      last = here.selectionStart < here.selectionEnd ? [here, here.selectionStart, here.selectionEnd] : null;
      selected = "";
      return;
    }
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !page.contains(selection.getRangeAt(0).commonAncestorContainer)) return;
    const part = selection.getRangeAt(0).cloneContents();
    for (const element of part.querySelectorAll("[data-not-text], .signal__label")) element.remove();
    selected = part.textContent.replace(/\s+/g, " ").trim();
    last = null;
  });

  const everywhere = (words, instead) => {
    const escaped = words.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
    const whole = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "gu");
    let times = 0;
    for (const copy of copies) {
      copy.value = copy.value.replace(whole, () => {
        times += 1;
        return instead;
      });
    }
    return times;
  };

  for (const kind of kinds.querySelectorAll("[data-stand-in]")) {
    kind.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    kind.addEventListener("click", () => {
      kinds.closest("details").open = true; // its key works while they are folded away
      const instead = kind.dataset.standIn;
      if (last) {
        const [copy, start, end] = last;
        copy.setRangeText(instead, start, end, "end");
        said.textContent = `${kind.dataset.done} 1`;
      } else {
        const times = selected ? everywhere(selected, instead) : 0;
        said.textContent = times ? `${kind.dataset.done} ${times}` : kind.dataset.nothing;
      }
      last = null;
      selected = "";
    });
  }
})();
