// Keys, toasts and small comforts. What is read, is read without it.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);

  // The menu is a <details>: open at the side of a wide window, closed above the page of a phone.
  const menu = one("[data-menu]");
  const wide = matchMedia("(min-width: 761px)");
  const fit = () => menu && (menu.open = wide.matches);
  wide.addEventListener("change", fit);
  fit();

  // What was done is said once: reloading the page does not say it again.
  const address = new URL(location);
  if (address.searchParams.delete("done"), address.href !== location.href) history.replaceState(null, "", address);

  const fade = (toast) => setTimeout(() => {
    toast.classList.add("gone");
    setTimeout(() => toast.remove(), 500);
  }, 5000);
  all(".toast").forEach(fade);
  const say = (words) => {
    const toast = Object.assign(document.createElement("p"), { className: "toast", textContent: words });
    one(".toasts").append(toast);
    fade(toast);
  };
  // A piece of a page tells what was done in its header HX-Trigger: {"toast": "…"}.
  document.addEventListener("toast", (event) => say(event.detail.value));

  // j and k walk over [data-row]; Enter opens its link; a key named by [data-key] presses it, within the row first.
  const rows = () => all("[data-row]");
  const at = () => one("[data-row].at");
  const walk = (step) => {
    const list = rows();
    if (!list.length) return;
    const next = list[Math.max(0, Math.min(list.length - 1, list.indexOf(at()) + step))];
    at()?.classList.remove("at");
    next.classList.add("at");
    next.scrollIntoView({ block: "nearest" });
    (next.matches("a") ? next : next.querySelector("a"))?.focus({ preventScroll: true });
  };
  const press = (key) => {
    const named = `[data-key="${CSS.escape(key)}"]`;
    const found = at()?.querySelector(named) ?? one(named);
    if (!found) return false;
    found.matches("input, textarea, select") ? found.focus() : found.click();
    return true;
  };
  let before = "";
  const acts = {
    j: () => walk(1),
    k: () => walk(-1),
    "?": () => one("#keys")?.showModal(),
    Escape: () => document.activeElement?.blur(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (typing && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
    const pair = before === "g" ? `g ${event.key}` : "";
    before = event.key;
    const act = acts[event.key];
    if (event.key === "Enter") at()?.querySelector("a, button")?.click();
    else if ((pair && press(pair)) || press(event.key)) event.preventDefault();
    else if (act) { act(); event.preventDefault(); }
  });

  document.addEventListener("click", (event) => {
    // What a button with [data-copy] names is copied.
    const copied = event.target.closest("[data-copy]");
    if (copied) navigator.clipboard?.writeText(one(copied.dataset.copy).textContent).then(() => say(copied.dataset.copied));
    // A button with [data-opens] opens a dialog, and one with [data-closes] closes it.
    const opens = event.target.closest("[data-opens]");
    if (opens) one(opens.dataset.opens).showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  });
  // What has [data-to-end] shows its end, and stays where one scrolled to when it is renewed.
  let scrolled = null;
  const log = () => one("[data-to-end]");
  const show = () => log() && (log().scrollTop = scrolled ?? log().scrollHeight);
  show();
  document.addEventListener("htmx:beforeSwap", () => {
    const left = log() ? log().scrollHeight - log().scrollTop - log().clientHeight : 0;
    scrolled = left > 40 ? log().scrollTop : null;
  });
  document.addEventListener("htmx:afterSwap", show);
  // An answer is sent by Ctrl+Enter: Enter alone begins a line.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-ctrl-enter]"))
      event.target.form.requestSubmit();
  });
  // A filter with [data-sends] is applied as soon as it is changed.
  document.addEventListener("change", (event) => event.target.closest("[data-sends]")?.form.requestSubmit());
  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post" && !event.target.matches("[hx-post]"))
      setTimeout(() => event.target.querySelectorAll("button").forEach((button) => (button.disabled = true)));
  });
  addEventListener("pageshow", () => all("form button:disabled").forEach((button) => (button.disabled = false)));
})();
