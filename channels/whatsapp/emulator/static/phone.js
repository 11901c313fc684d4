// The phone page without reloads: news by Server-Sent Events, ticks, read receipts; the rest is in the files below.
// What is shown comes from the server as escaped HTML; nothing a person wrote is put together here.

import { readyGoods } from "./goods.js";
import { readyReview, showTemplates } from "./review.js";
import { readyComposer, readyForms } from "./sending.js";
import { readyMenu, readySheets } from "./sheets.js";
import { say } from "./toast.js";
import { readyRecorder, readyVoices } from "./voice.js";

const phones = new Map([...document.querySelectorAll(".phone")].map((phone) => [phone.dataset.chat, phone]));
const notice = document.querySelector(".notice");

listen();
readyReview();
for (const phone of phones.values()) start(phone);
// With a keyboard one types at once; on a phone this would only raise its keyboard over the chat.
if (matchMedia("(min-width: 721px)").matches) [...phones.values()].at(-1)?.querySelector("textarea").focus();
document.addEventListener("visibilitychange", () => phones.forEach(see));
addEventListener("resize", () => phones.forEach(see)); // a wider window shows more phones

function listen() {
  const address = new URL("/events", location.origin);
  address.searchParams.set("since", document.body.dataset.change);
  for (const key of phones.keys()) address.searchParams.append("shown", key);
  address.searchParams.set("templates", Boolean(document.getElementById("accounts")));
  const events = new EventSource(address);
  events.addEventListener("chat", (event) => show(JSON.parse(event.data)));
  events.addEventListener("notice", (event) => tell(JSON.parse(event.data).text));
  events.addEventListener("templates", (event) => showTemplates(JSON.parse(event.data)));
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
    if (old) return renew(phone, old, entry);
    if (entry.classList.contains("person")) log.querySelector(".ghost")?.remove();
    entry.classList.add("arrived");
    ready(phone, entry);
  }
  log.insertBefore(entry, log.querySelector(".ghost, .typing"));
}

function renew(phone, old, entry) {
  if (old.dataset.version !== entry.dataset.version) {
    old.replaceWith(entry);
    return ready(phone, entry);
  }
  // Only ticks and emoji have changed: the rest stays, with its focus and its open sheet.
  for (const part of [".ticks", ".reactions"]) old.querySelector(part)?.replaceWith(entry.querySelector(part));
}

function start(phone) {
  const log = phone.querySelector(".log");
  log.addEventListener("scroll", () => atEnd(log) && (phone.querySelector(".newest").hidden = true), { passive: true });
  phone.querySelector(".newest").addEventListener("click", () => toEnd(phone));
  ready(phone, phone);
  readyMenu(phone);
  readyComposer(phone);
  readyRecorder(phone);
  type(phone, Number(phone.querySelector(".typing").dataset.seconds));
  toEnd(phone);
  see(phone);
}

function ready(phone, part) {
  readyForms(phone, part);
  readySheets(phone, part);
  readyGoods(part);
  readyVoices(phone, part);
  for (const button of part.querySelectorAll("[data-says]")) button.addEventListener("click", () => say(button.dataset.says));
  for (const button of part.querySelectorAll("[data-copies]")) button.addEventListener("click", () => copy(button.dataset));
  for (const seen of part.querySelectorAll(".message img, .message video")) watchPicture(phone, seen);
  if (part !== phone) for (const seen of part.querySelectorAll("img, video")) watchPicture(phone, seen);
}

function watchPicture(phone, seen) {
  const missing = () => {
    seen.parentElement.classList.add("missing");
    if (seen.dataset.missing && !seen.nextSibling?.data?.trim()) seen.after(seen.dataset.missing);
  };
  const shown = () => phone.querySelector(".newest").hidden && toEnd(phone);
  seen.addEventListener("error", missing);
  seen.addEventListener(seen.tagName === "IMG" ? "load" : "loadedmetadata", shown);
  // One that failed before anybody listened, or that was parsed outside the page and never began to load.
  if (seen.error || (seen.complete && !seen.naturalWidth)) seen.src = seen.src;
}

async function copy({ copies, copied }) {
  await navigator.clipboard?.writeText(copies).catch(() => {});
  say(copied);
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
