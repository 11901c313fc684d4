// Talks: what was walked to stays marked when the list renews itself, and a talk opens where one wants to read.
(() => {
  const one = (selector) => document.querySelector(selector);
  let at = null;
  let isAtEnd = true;
  const read = () => {
    const lines = one("#lines");
    if (!lines) return;
    const here = document.getElementById(`turn-${lines.dataset.turn}`);
    here?.classList.add("here");
    if (here) here.scrollIntoView({ block: "center" });
    else if (lines.scrollHeight > lines.clientHeight) lines.scrollTop = lines.scrollHeight;
  };
  read();
  document.addEventListener("htmx:beforeSwap", () => {
    at = one("[data-row].at")?.id ?? at;
    const lines = one("#lines");
    isAtEnd = !lines || lines.scrollHeight - lines.scrollTop - lines.clientHeight < 60;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (at) document.getElementById(at)?.classList.add("at");
    const lines = one("#lines");
    if (lines && event.detail.elt.id === "lines" && isAtEnd) lines.scrollTop = lines.scrollHeight;
  });
})();
