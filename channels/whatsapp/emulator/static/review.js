// The list of templates without reloads: each decision by fetch, and the list as it is afterwards, also when others decide.

import { post } from "./sending.js";

const accounts = document.getElementById("accounts");

export function readyReview() {
  accounts?.addEventListener("submit", (event) => {
    event.preventDefault();
    post(event.target.action, new URLSearchParams(new FormData(event.target, event.submitter)));
  });
}

export function showTemplates({ in_review: inReview, listed }) {
  const badge = document.getElementById("in-review");
  badge.textContent = inReview;
  badge.hidden = !inReview;
  if (accounts && listed) renew(listed);
}

function renew(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const held = focused();
  for (const fresh of page.content.querySelectorAll(".template")) {
    const old = document.getElementById(fresh.id);
    if (!old) {
      fresh.classList.add("arrived");
      continue;
    }
    const was = [old, fresh].map((each) => each.querySelector("details"));
    // Whoever has decided is done with it; else what was open stays open, and what was chosen stays chosen.
    if (old.dataset.status === fresh.dataset.status || old.dataset.status !== "PENDING") was[1].open = was[0].open;
    if (old.dataset.status === fresh.dataset.status) keepChoices(old, fresh);
  }
  accounts.replaceChildren(page.content);
  (held && (held.find() ?? held.line()))?.focus();
}

function keepChoices(old, fresh) {
  for (const select of old.querySelectorAll("select")) {
    const isTouched = select.value !== [...select.options].find((option) => option.defaultSelected)?.value;
    const same = fresh.querySelector(`[name=${select.name}]`);
    if (isTouched && same) same.value = select.value;
  }
}

function focused() {
  const at = document.activeElement;
  const id = at?.closest(".template")?.id;
  if (!id) return null;
  const line = () => document.getElementById(id)?.querySelector("summary");
  const named = at.name ? `[name=${at.name}]${at.value && at.tagName === "BUTTON" ? `[value=${at.value}]` : ""}` : "summary";
  const find = () => {
    const found = document.getElementById(id)?.querySelector(named);
    return found?.checkVisibility() ? found : null;
  };
  return { find, line };
}
