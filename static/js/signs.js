// Beside htmx, on a member's story page. A press that brought anything but its part of the page is sent once more as
// without scripts, so that the answer is seen whole; pressed twice, every button does the same as once.
(() => {
  "use strict";
  try {
    // htmx notes the address of the page as it starts. Nothing is to stay in the browser.
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // Without storage nothing was noted.
  }

  const send = (form, pressed) => {
    if (pressed) {
      const field = document.createElement("input");
      [field.type, field.name, field.value] = ["hidden", pressed.name, pressed.value];
      form.append(field);
    }
    form.submit();
  };

  const again = (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    if (xhr.status === 200 && xhr.responseURL === elt.action) return;
    event.preventDefault();
    send(elt, requestConfig.triggeringEvent?.submitter);
  };

  document.addEventListener("htmx:beforeOnLoad", again);
  document.addEventListener("htmx:sendError", again);
})();
