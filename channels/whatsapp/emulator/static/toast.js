// A sentence at the bottom of the window, for a few seconds.

const toast = document.querySelector(".toast");
let timer;

export function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.hidden = true), 4000);
}
