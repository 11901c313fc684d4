// The phone page without reloads: news by Server-Sent Events, forms by fetch, sheets, ticks, read receipts.
// What is shown comes from the server as escaped HTML; nothing a person wrote is put together here.

const phones = new Map([...document.querySelectorAll(".phone")].map((phone) => [phone.dataset.chat, phone]));
const toast = document.querySelector(".toast");
const notice = document.querySelector(".notice");

listen();
for (const phone of phones.values()) start(phone);
// With a keyboard one types at once; on a phone this would only raise its keyboard over the chat.
if (matchMedia("(min-width: 721px)").matches) [...phones.values()].at(-1)?.querySelector("textarea").focus();
document.addEventListener("visibilitychange", () => phones.forEach(see));
addEventListener("resize", () => phones.forEach(see)); // a wider window shows more phones

function listen() {
  const address = new URL("/events", location.origin);
  address.searchParams.set("since", document.body.dataset.change);
  for (const key of phones.keys()) address.searchParams.append("shown", key);
  const events = new EventSource(address);
  events.addEventListener("chat", (event) => show(JSON.parse(event.data)));
  events.addEventListener("notice", (event) => tell(JSON.parse(event.data).text));
  events.addEventListener("reload", () => location.reload());
  events.addEventListener("error", () => tell(document.body.dataset.away));
}

function tell(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

function show(news) {
  showRow(news);
  const phone = phones.get(news.chat);
  if (!phone) return;
  const log = phone.querySelector(".log");
  const wasAtEnd = atEnd(log);
  for (const entry of parse(news.entries)) put(phone, log, entry);
  type(phone, news.typing_seconds);
  if (wasAtEnd) toEnd(phone);
  else phone.querySelector(".newest").hidden = false;
  see(phone);
}

function showRow(news) {
  const old = document.getElementById(`row-${news.chat}`) ?? addRow();
  const [row] = parse(news.row);
  const list = old.closest("ul");
  const spoke = Number(row.dataset.order) > Number(old.dataset.order ?? -1);
  const item = old.closest("li");
  const focused = old === document.activeElement;
  old.replaceWith(row);
  if (spoke) list.prepend(item);
  if (focused) row.focus();
}

function addRow() {
  const item = document.createElement("li");
  document.querySelector(".rows").append(item);
  return item.appendChild(document.createElement("a"));
}

function put(phone, log, entry) {
  if (entry.classList.contains("day")) {
    if (log.querySelector(`.day[data-day="${entry.dataset.day}"]`)) return;
  } else {
    const old = document.getElementById(entry.id);
    // A message never changes, only its ticks do: the rest stays, with its focus and its open sheet.
    if (old) return void old.querySelector(".ticks")?.replaceWith(entry.querySelector(".ticks"));
    if (entry.classList.contains("person")) log.querySelector(".ghost")?.remove();
    entry.classList.add("arrived");
    ready(phone, entry);
  }
  log.insertBefore(entry, log.querySelector(".ghost, .typing"));
}

function start(phone) {
  const text = phone.querySelector("textarea");
  const draft = `draft-${phone.dataset.chat}`;
  const log = phone.querySelector(".log");
  text.value ||= sessionStorage.getItem(draft) ?? "";
  text.addEventListener("input", () => sessionStorage.setItem(draft, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (text.value.trim()) text.form.requestSubmit();
  });
  log.addEventListener("scroll", () => atEnd(log) && (phone.querySelector(".newest").hidden = true), { passive: true });
  phone.querySelector(".newest").addEventListener("click", () => toEnd(phone));
  ready(phone, phone);
  type(phone, Number(phone.querySelector(".typing").dataset.seconds));
  toEnd(phone);
  see(phone);
}

function ready(phone, part) {
  for (const form of part.querySelectorAll("form[data-live]")) form.addEventListener("submit", (event) => send(phone, event));
  for (const input of part.querySelectorAll("[data-sends]")) input.addEventListener("change", () => input.form.requestSubmit());
  for (const button of part.querySelectorAll("[data-opens]")) button.addEventListener("click", () => openSheet(phone, button));
  for (const button of part.querySelectorAll("[data-closes]")) button.addEventListener("click", () => button.closest("dialog").close());
  for (const button of part.querySelectorAll("[data-says]")) button.addEventListener("click", () => say(button.dataset.says));
  for (const sheet of part.querySelectorAll("dialog")) sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  for (const image of part.querySelectorAll(".picture img")) watchPicture(phone, image, part === phone);
  for (const voice of part.querySelectorAll(".message .voice")) readyVoice(voice);
}

function watchPicture(phone, image, wasOnPage) {
  const missing = () => {
    image.parentElement.classList.add("missing");
    image.parentElement.append(image.dataset.missing);
  };
  image.addEventListener("error", missing);
  image.addEventListener("load", () => phone.querySelector(".newest").hidden && toEnd(phone));
  // One that failed before anybody listened, or that was parsed outside the page and never began to load.
  if (image.complete && !image.naturalWidth) image.src = image.src;
}

async function send(phone, event) {
  event.preventDefault();
  const form = event.target;
  const body = new FormData(form, event.submitter);
  const composer = form.classList.contains("composer");
  if (composer) showGhost(phone, form);
  form.closest("dialog")?.close();
  const answer = await fetch(form.action, { method: "POST", body: encode(form, body), headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) return composer || form.reset();
  if (composer) {
    phone.querySelector(".log .ghost")?.remove();
    form.elements.text.value ||= body.get("text");
  }
  say(answer ? ((await answer.json().catch(() => null))?.detail ?? document.body.dataset.notSent) : document.body.dataset.notSent);
}

function encode(form, body) {
  return form.enctype === "multipart/form-data" ? body : new URLSearchParams(body);
}

function showGhost(phone, form) {
  // The clock: typed, but not yet with WhatsApp. The real bubble takes its place.
  const ghost = phone.querySelector("template.ghost").content.firstElementChild.cloneNode(true);
  ghost.querySelector(".text").textContent = form.elements.text.value.trim();
  const log = phone.querySelector(".log");
  log.insertBefore(ghost, log.querySelector(".typing"));
  form.elements.text.value = "";
  sessionStorage.removeItem(`draft-${phone.dataset.chat}`);
  toEnd(phone);
}

function openSheet(phone, button) {
  const sheet = document.getElementById(button.dataset.opens);
  const screen = phone.querySelector(".screen").getBoundingClientRect();
  sheet.style.setProperty("--sheet-left", `${screen.left}px`);
  sheet.style.setProperty("--sheet-width", `${screen.width}px`);
  sheet.style.setProperty("--sheet-bottom", `${innerHeight - screen.bottom}px`);
  sheet.showModal();
}

function readyVoice(voice) {
  const audio = voice.querySelector("audio");
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const length = () => Number.isFinite(audio.duration) && (voice.querySelector(".length").textContent = clock(audio.duration));
  audio.addEventListener("loadedmetadata", length);
  if (audio.readyState) length();
  voice.querySelector(".listen").addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
  for (const happening of ["play", "pause", "ended"]) audio.addEventListener(happening, () => voice.classList.toggle("playing", !audio.paused));
}

function type(phone, seconds) {
  clearTimeout(phone.stopTyping);
  const dots = phone.querySelector(".typing");
  const appears = dots.hidden && seconds > 0;
  dots.hidden = phone.querySelector(".is-typing").hidden = !(seconds > 0);
  if (seconds > 0) phone.stopTyping = setTimeout(() => type(phone, 0), seconds * 1000);
  if (appears && phone.querySelector(".newest").hidden) toEnd(phone);
}

function see(phone) {
  // Read receipts go out only for what a person has before their eyes.
  if (document.visibilityState !== "visible" || !phone.offsetParent) return;
  if (phone.dataset.seen === newest(phone)) return;
  phone.dataset.seen = newest(phone);
  fetch(`/chats/${phone.dataset.chat}/seen`, { method: "POST" }).catch(() => delete phone.dataset.seen);
}

function newest(phone) {
  return [...phone.querySelectorAll(".message.business[data-id]")].at(-1)?.id ?? "";
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

function atEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
}

function toEnd(phone) {
  const log = phone.querySelector(".log");
  log.scrollTop = log.scrollHeight;
  phone.querySelector(".newest").hidden = true;
}

function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (toast.hidden = true), 4000);
}
