// Sheets: they open over their own phone. One of them is the menu of whichever message it was opened from.

import { quote } from "./sending.js";

export function readySheets(phone, part) {
  for (const button of part.querySelectorAll("[data-opens]")) button.addEventListener("click", () => openSheet(phone, button));
  for (const button of part.querySelectorAll("[data-menu]")) button.addEventListener("click", () => openMenu(phone, button));
  for (const button of part.querySelectorAll("[data-closes]")) button.addEventListener("click", () => button.closest("dialog").close());
  for (const sheet of part.querySelectorAll("dialog")) sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
}

export function readyMenu(phone) {
  const menu = phone.querySelector(".menu");
  const act = (edits) => {
    menu.close();
    quote(phone, menu.message, { edits });
  };
  menu.querySelector("[data-replies]").addEventListener("click", () => act(false));
  menu.querySelector("[data-edits]").addEventListener("click", () => act(true));
}

function openSheet(phone, button) {
  button.closest("dialog")?.close();
  const sheet = document.getElementById(button.dataset.opens);
  // The message it answers, where it was opened from one that asks.
  for (const field of sheet.querySelectorAll("[data-answer]")) field.value = button.dataset.answers ?? "";
  place(phone, sheet);
}

function openMenu(phone, button) {
  const menu = document.getElementById(button.dataset.menu);
  const message = (menu.message = button.closest(".message"));
  for (const field of menu.querySelectorAll("[name=wamid]")) field.value = message.dataset.wamid;
  menu.querySelector("[data-details]").href = `/messages/${message.dataset.id}`;
  menu.querySelector(".quoted").textContent = message.dataset.line;
  const own = message.classList.contains("person");
  const possible = {
    own,
    editable: own && "text" in message.dataset,
    forwardable: "forwards" in message.dataset,
    reaction: !message.querySelector(".reactions").hidden,
  };
  for (const item of menu.querySelectorAll("[data-needs]")) item.hidden = !possible[item.dataset.needs];
  place(phone, menu);
}

function place(phone, sheet) {
  const screen = phone.querySelector(".screen").getBoundingClientRect();
  sheet.style.setProperty("--sheet-left", `${screen.left}px`);
  sheet.style.setProperty("--sheet-width", `${screen.width}px`);
  sheet.style.setProperty("--sheet-bottom", `${innerHeight - screen.bottom}px`);
  sheet.showModal();
}
