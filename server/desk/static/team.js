// Answering: kept answers by /shortcut, files by choosing, pasting or dropping, who types, how long the window is open.
(() => {
  const one = (selector) => document.querySelector(selector);
  const box = () => one("#text:not([readonly])");
  const form = () => one(".answer-form");
  const list = () => one("#canned");

  // Kept answers: what stands between the last "/" and the marker is looked for.
  const PLACE = /\{(first_name|name|agent|business|order|delivery|claim)\}/g;
  let asked = null;
  let shown = null;
  let arrives = null;
  const word = () => {
    const before = box().value.slice(0, box().selectionStart);
    return /(?:^|\s)\/([\w-]*)$/.exec(before)?.[1] ?? null;
  };
  const close = () => { list().hidden = true; asked = shown = null; box().removeAttribute("aria-activedescendant"); };
  const options = () => [...list().querySelectorAll("[role=option]")];
  const chosen = () => list().querySelector("[aria-selected=true]");
  const mark = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", each === option));
    box().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const look = () => {
    const wanted = word();
    if (wanted === null) return close();
    if (wanted !== asked) arrives = fetched((asked = wanted));
  };
  const fetched = async (wanted) => {
    const answer = await fetch(`${form().dataset.canned}?q=${encodeURIComponent(wanted)}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || asked !== wanted) return;
    list().innerHTML = await answer.text();
    list().hidden = false;
    shown = wanted;
  };
  // Who types faster than the list arrives means what they typed, not what was shown before.
  const take = async () => {
    if (shown !== word()) await arrives;
    if (chosen()) insert(chosen());
  };
  const insert = (option) => {
    const end = box().selectionStart;
    const begin = end - word().length - 1;
    box().setRangeText(option.dataset.text, begin, end, "end");
    close();
    changed();
    box().focus();
  };
  const changed = () => {
    const open = [...new Set(box().value.match(PLACE) ?? [])];
    const note = one("#open-places");
    note.hidden = !open.length;
    note.querySelector("b").textContent = open.join(" ");
    form().querySelector("button.primary").disabled = open.length > 0;
  };

  // Colleagues are told that one types, until one pauses.
  let typing = null;
  const types = () => {
    const is = one("#typing");
    if (!is.value) { is.value = "yes"; htmx.trigger(document.body, "typed"); }
    clearTimeout(typing);
    typing = setTimeout(() => (one("#typing").value = ""), 5000);
  };

  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    look();
    changed();
    types();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || list()?.hidden !== false) return;
    const all = options();
    const at = all.indexOf(chosen());
    const acts = {
      ArrowDown: () => mark(all[(at + 1) % all.length]),
      ArrowUp: () => mark(all[(at + all.length - 1) % all.length]),
      Enter: take,
      Tab: take,
    };
    if (event.key === "Escape") { close(); event.preventDefault(); event.stopPropagation(); }
    else if (all.length && acts[event.key] && !event.ctrlKey && !event.metaKey) { acts[event.key](); event.preventDefault(); }
  }, true);
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("#canned [role=option]");
    if (option) { insert(option); event.preventDefault(); }
  });

  // Files: each is looked at and kept as it is chosen; it leaves with the answer.
  const attach = async (files) => {
    for (const file of files) {
      const body = new FormData();
      body.append("upload", file, file.name);
      const csrf = form().querySelector("[name=csrf]").value;
      const sent = form().querySelector("button.primary");
      sent.disabled = true;
      const answer = await fetch(form().dataset.files, { method: "POST", body, headers: { "X-CSRF-Token": csrf, "HX-Request": "true" } });
      sent.disabled = false;
      one("#files").insertAdjacentHTML("beforeend", await answer.text());
    }
    changed();
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-attach]")) return;
    attach([...event.target.files]);
    event.target.value = "";
  });
  document.addEventListener("paste", (event) => {
    if (event.target === box() && event.clipboardData.files.length) { attach([...event.clipboardData.files]); event.preventDefault(); }
  });
  const over = (event) => form() && [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragover", (event) => { if (over(event)) { event.preventDefault(); one("#answer").classList.add("over"); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) one("#answer")?.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!over(event)) return;
    event.preventDefault();
    one("#answer").classList.remove("over");
    attach([...event.dataTransfer.files]);
  });
  document.addEventListener("click", (event) => event.target.closest("[data-drop-file]")?.closest("li").remove());

  // How long words may be sent: counted down here, and asked for anew when it is over.
  const count = () => {
    const left = one("[data-until]");
    if (!left) return;
    const seconds = Math.floor((new Date(left.dataset.until) - Date.now()) / 1000);
    if (seconds <= 0) return renew();
    left.classList.toggle("soon", seconds < 3600);
    if (seconds < 3600) left.textContent = left.dataset.words.replace("{span}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  };
  setInterval(count, 1000);
  const renew = () => one("#answer") && htmx.ajax("GET", one("#answer").dataset.address, { target: "#answer", swap: "outerHTML" });
  // What was read changed hands, or the person wrote: the box is another one now.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.elt?.id === "said" || event.target.id === "said") {
      const said = one("#said");
      if (said && said.dataset.stands !== one("#answer")?.dataset.stands) renew();
    }
  });
  if (box()) changed();
})();
