// The bell, its number and its list. Every word of a message is put in as text, never as HTML.

import { Inbox } from "./inbox.js";

const place = document.querySelector("#inbox");
const language = (new URLSearchParams(location.search).get("lang") ?? navigator.language).startsWith("en") ? "en" : "fr";
const words = await (await fetch(`words.${language}.json`)).json();
document.documentElement.lang = language;

const inbox = new Inbox(place.dataset.address, async () => {
  // Your own backend: it knows who is logged in, and holds the API key.
  const answer = await fetch("inbox-token", { method: "POST" });
  if (!answer.ok) throw new Error(`No inbox token: ${answer.status}.`);
  return answer.json();
});

function made(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

const number = made("span", { className: "number", hidden: true });
const bell = made("button", { type: "button", className: "bell" }, made("span", { className: "sign", textContent: "🔔" }), number);
const title = made("h2", { id: "inbox-title", textContent: words.title });
const allRead = made("button", { type: "button", className: "all-read", textContent: words.all_read });
const list = made("ul");
const empty = made("p", { className: "empty", textContent: words.empty });
const older = made("button", { type: "button", className: "older", textContent: words.older });
const panel = made("section", { className: "panel", hidden: true }, made("header", {}, title, allRead), list, empty, older);
// Who cannot see the number hears it.
const spoken = made("p", { className: "spoken" });
bell.setAttribute("aria-controls", "inbox-panel");
panel.id = "inbox-panel";
panel.setAttribute("aria-labelledby", "inbox-title");
spoken.setAttribute("role", "status");
place.append(bell, panel, spoken);

function ago(moment) {
  const seconds = (Date.parse(moment) - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return words.now;
}

function row(message) {
  const texts = [
    made("strong", { textContent: message.title }),
    made("span", { className: "body", textContent: message.body }),
    made("time", { dateTime: message.sent_at, textContent: ago(message.sent_at) }),
  ];
  const what = message.url
    ? made("a", { href: message.url, className: "what" }, ...texts)
    : made("button", { type: "button", className: "what" }, ...texts);
  what.onclick = () => void inbox.mark(message.id, message.url ? "click" : "read");
  const away = made("button", { type: "button", className: "away", textContent: "✕", title: words.archive });
  away.setAttribute("aria-label", `${words.archive} ${message.title}`);
  away.onclick = () => void inbox.mark(message.id, "archive");
  return made("li", { className: message.read_at ? "" : "unread" }, what, away);
}

function show() {
  const { unread } = inbox.counts;
  const said = unread === 0 ? words.none : unread === 1 ? words.one : words.many.replace("{count}", unread);
  number.textContent = unread > 99 ? "99+" : unread;
  number.hidden = unread === 0;
  bell.setAttribute("aria-label", `${words.title}${words.colon} ${said}`);
  if (spoken.textContent !== said) spoken.textContent = said;
  list.replaceChildren(...inbox.messages.map(row));
  empty.hidden = inbox.messages.length > 0;
  allRead.hidden = unread === 0;
  older.hidden = inbox.next === null;
}

function open(isOpen) {
  panel.hidden = !isOpen;
  bell.setAttribute("aria-expanded", isOpen);
}

bell.onclick = () => open(panel.hidden);
allRead.onclick = () => void inbox.markAllRead();
older.onclick = () => void inbox.more();
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && !panel.hidden) {
    open(false);
    bell.focus();
  }
});
inbox.addEventListener("change", show);
open(false);
show();
await inbox.start();
