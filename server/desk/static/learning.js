// Learning: searching a meaning as one types, marking entities, going on to the next line. Read without it, as everything.
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  // Meanings: the likeliest of the line first, then what begins so, then what holds it; a new name last.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const known = () => all("#known-meanings > li").map((each) => ({ name: each.dataset.name, hint: each.textContent }));
  const found = (input) => {
    const asked = plain(input.value.trim()).replace(/[\s-]+/g, "_");
    const likely = input.dataset.likely.split(" ").filter(Boolean);
    const rank = (each) => {
      const guess = likely.indexOf(each.name);
      return (guess >= 0 ? guess - 100 : 0) + (plain(each.name).startsWith(asked) ? 0 : 1000);
    };
    const words = asked.split("_").filter(Boolean);
    const fits = (each) => words.every((word) => plain(`${each.name} ${each.hint}`).includes(word));
    const listed = known().filter(fits).sort((one, other) => rank(one) - rank(other)).slice(0, 12)
      .map((each) => ({ ...each, likely: likely.includes(each.name) }));
    const isName = /^[a-z][a-z0-9_]{1,62}$/.test(asked) && !known().some((each) => each.name === asked);
    if (isName) listed.push({ name: asked, hint: one("#known-meanings").dataset.new });
    return listed;
  };
  const list = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const close = (input) => {
    list(input).hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const select = (input, place) => {
    const options = all("[role=option]", list(input));
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    const chosen = options[place];
    if (!chosen) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  };
  const open = (input) => {
    const options = found(input).map((each, place) => {
      const option = Object.assign(document.createElement("span"), { id: `${input.id}-${place}`, role: "option" });
      option.dataset.name = each.name;
      if (each.likely) option.className = "likely";
      option.append(Object.assign(document.createElement("b"), { textContent: each.name }));
      option.append(Object.assign(document.createElement("small"), { textContent: each.hint }));
      return option;
    });
    list(input).replaceChildren(...options);
    list(input).hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    select(input, input.value.trim() ? 0 : -1);
  };
  const take = (input, option) => {
    input.value = option.dataset.name;
    close(input);
    // In a row choosing is saying so; where there is a button for it, that is pressed by whoever means it.
    if (!one("button", input.form)) input.form.requestSubmit();
    else input.focus();
  };
  const chosen = (input) => one("[aria-selected=true]", list(input));
  document.addEventListener("focusin", (event) => event.target.matches("[data-meaning]") && open(event.target));
  document.addEventListener("focusout", (event) => event.target.matches("[data-meaning]") && close(event.target));
  document.addEventListener("input", (event) => event.target.matches("[data-meaning]") && open(event.target));
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest(".listed > [role=option]");
    if (!option) return;
    event.preventDefault();
    take(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches("[data-meaning]")) return;
    const options = all("[role=option]", list(input));
    const place = options.indexOf(chosen(input));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list(input).hidden) open(input);
      else select(input, (place + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && !list(input).hidden && chosen(input)) take(input, chosen(input));
    else return;
    event.preventDefault();
  });

  // The queue: after a row is dealt with, the next one is at hand, and z takes back what was done last.
  document.addEventListener("htmx:load", (event) => {
    const row = event.detail.elt;
    if (!row.matches?.("#queue > [data-row]")) return;
    all("#queue [data-undo]").forEach((button) => button.removeAttribute("data-key"));
    all("#queue > .at").forEach((each) => each.classList.remove("at"));
    let next = row;
    if (row.matches(".decided")) {
      one("[data-undo]", row).dataset.key = "z";
      const rows = all("#queue > [data-row]");
      const open = (each) => !each.matches(".decided");
      next = rows.slice(rows.indexOf(row)).find(open) ?? rows.find(open) ?? row;
    }
    next.classList.add("at");
    next.scrollIntoView({ block: "nearest" });
    one("a", next)?.focus({ preventScroll: true });
  });

  // A talk: J and K walk over what the person said, c opens what can be said of it. One panel is open at a time.
  const sayings = () => all(".chat > li").filter((each) => one("[data-correct]", each));
  const here = () => sayings().find((each) => each.classList.contains("here"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.target.matches("input, textarea, select") || !sayings().length) return;
    if (event.key === "c") one("[data-correct]", here() ?? sayings().at(-1)).click();
    else if (event.key === "J" || event.key === "K") {
      const list = sayings();
      const from = here() ? list.indexOf(here()) : list.length;
      const next = list[Math.max(0, Math.min(list.length - 1, from + (event.key === "J" ? 1 : -1)))];
      all(".chat > .here").forEach((each) => each.classList.remove("here"));
      next.classList.add("here");
      next.scrollIntoView({ block: "center" });
    } else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-correct]")) all(".panel").forEach((panel) => panel.replaceChildren());
  });

  // Entities: what is selected in the words is marked; the form carries where.
  const parts = (form) => ({ field: one("[data-remarks]", form), text: one("[data-marked]", form), made: one("[data-marks]", form) });
  const marks = (form) => JSON.parse(parts(form).field.value || "[]");
  const show = (form) => {
    const { text, made } = parts(form);
    const drop = one("[data-mark]", form).dataset.drop;
    made.replaceChildren(...marks(form).map((mark, place) => {
      const line = document.createElement("li");
      const name = Object.assign(document.createElement("code"), { textContent: mark.entity });
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×", title: drop });
      button.setAttribute("aria-label", `${drop} ${mark.entity}`);
      button.dataset.unmark = place;
      line.append(name, ` « ${[...text.value].slice(mark.start, mark.end).join("")} »`, button);
      return line;
    }));
  };
  const keep = (form, list) => {
    parts(form).field.value = JSON.stringify(list);
    show(form);
  };
  // Positions are counted in characters, as Python and Rasa do, and not in UTF-16.
  const characters = (text, end) => [...text.slice(0, end)].length;
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-panel]");
    if (event.target.matches("[data-mark]")) {
      const text = parts(form).text;
      const entity = one("[data-entity]", form);
      const [start, end] = [text.selectionStart, text.selectionEnd].map((place) => characters(text.value, place));
      if (start === end) return text.focus();
      if (!/^[a-z][a-z0-9_]{1,62}$/.test(entity.value)) return entity.focus();
      keep(form, [...marks(form), { entity: entity.value, start, end }]);
    } else if (event.target.matches("[data-unmark]"))
      keep(form, marks(form).filter((_, place) => place !== Number(event.target.dataset.unmark)));
  });
  document.addEventListener("htmx:load", () => all("[data-panel]").forEach(show));
})();
