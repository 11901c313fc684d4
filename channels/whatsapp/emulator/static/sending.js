// What leaves the phone: forms by fetch instead of a reload, the clock while they are on their way, quotes and edits.

import { say } from "./toast.js";

export function readyForms(phone, part) {
  for (const form of part.querySelectorAll("form[data-live]")) form.addEventListener("submit", (event) => submit(phone, event));
  for (const input of part.querySelectorAll("[data-sends]")) input.addEventListener("change", () => sendFile(phone, input));
}

export function readyComposer(phone) {
  const form = phone.querySelector(".composer");
  const text = form.elements.text;
  const draft = `draft-${phone.dataset.chat}`;
  text.value ||= sessionStorage.getItem(draft) ?? "";
  text.addEventListener("input", () => sessionStorage.setItem(draft, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return unquote(phone);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (text.value.trim()) form.requestSubmit();
  });
  phone.querySelector("[data-cancels]").addEventListener("click", () => unquote(phone));
}

export async function post(action, body) {
  const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) return true;
  say((await answer?.json().catch(() => null))?.detail ?? document.body.dataset.notSent);
  return false;
}

async function submit(phone, event) {
  event.preventDefault();
  const form = event.target;
  const body = new FormData(form, event.submitter);
  const composer = form.classList.contains("composer");
  if (composer) leave(phone, form);
  form.closest("dialog")?.close();
  const taken = await post(form.action, form.enctype === "multipart/form-data" ? body : new URLSearchParams(body));
  if (taken && "reloads" in form.dataset) return location.reload();
  if (taken && !composer) return form.reset();
  if (taken || !composer) return;
  phone.querySelector(".log .ghost")?.remove();
  form.elements.text.value ||= body.get("text");
}

function sendFile(phone, input) {
  // What stands in the composer becomes the words under the file.
  const text = phone.querySelector(".composer").elements.text;
  const caption = input.form.querySelector("[data-caption]");
  if (caption) {
    caption.value = text.value;
    empty(phone, text);
  }
  input.form.requestSubmit();
}

function leave(phone, form) {
  const text = form.elements.text;
  if (!form.elements.edits.value) showGhost(phone, text.value.trim());
  unquote(phone);
  empty(phone, text);
}

function empty(phone, text) {
  text.value = "";
  sessionStorage.removeItem(`draft-${phone.dataset.chat}`);
  text.dispatchEvent(new Event("input"));
}

function showGhost(phone, words) {
  // The clock: typed, but not yet with WhatsApp. The real bubble takes its place.
  const ghost = phone.querySelector("template.ghost").content.firstElementChild.cloneNode(true);
  ghost.querySelector(".text").textContent = words;
  const log = phone.querySelector(".log");
  log.insertBefore(ghost, log.querySelector(".typing"));
  log.scrollTop = log.scrollHeight;
}

export function quote(phone, message, { edits }) {
  const form = phone.querySelector(".composer");
  form.elements.reply_to.value = edits ? "" : message.dataset.wamid;
  form.elements.edits.value = edits ? message.dataset.wamid : "";
  if (edits) form.elements.text.value = message.dataset.text;
  const bar = phone.querySelector(".quoting");
  bar.querySelector(".quoted").textContent = message.dataset.line;
  bar.classList.toggle("edits", edits);
  bar.hidden = false;
  form.elements.text.dispatchEvent(new Event("input"));
  form.elements.text.focus();
}

function unquote(phone) {
  const form = phone.querySelector(".composer");
  if (form.elements.edits.value) form.elements.text.value = "";
  form.elements.reply_to.value = form.elements.edits.value = "";
  phone.querySelector(".quoting").hidden = true;
}
