// An invitation's link carries its code behind the "#", which no browser sends: put it into the form and forget it.
const field = document.querySelector("[data-from-address]");
const code = decodeURIComponent(location.hash.slice(1));
if (field && code) {
  field.value ||= code;
  history.replaceState(null, "", location.pathname);
}
