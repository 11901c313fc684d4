// Sends without leaving the page, and looks for what is new: often while an answer is on its way, else now and then.
const BUSY_SECONDS = 0.7, CALM_SECONDS = 2.5, AWAY_SECONDS = 6;
const composer = document.getElementById("composer");
const box = document.getElementById("text");
let sending = 0, timer = 0, following = true;

const talk = () => document.getElementById("talk");

function toEnd() {
  const page = document.scrollingElement;
  page.scrollTop = page.scrollHeight;
}

function show(fresh) {
  if (!fresh || fresh.dataset.version === talk().dataset.version) return;
  const open = talk().querySelectorAll("details[open]").length > 0;
  talk().replaceWith(document.adoptNode(fresh));
  if (following || !open) toEnd();
}

async function look() {
  clearTimeout(timer);
  let pause = CALM_SECONDS;
  try {
    if (!document.hidden && !sending) {
      const asked = new URL(location.href);
      asked.pathname += "/talk";
      asked.searchParams.set("seen", talk().dataset.version);
      const answer = await fetch(asked, { cache: "no-store" });
      if (answer.status === 410 || answer.status === 404) return location.reload();
      if (answer.status === 200 && !sending) {
        show(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("talk"));
      }
      if (answer.status === 429) pause = AWAY_SECONDS;
    }
    if (talk().dataset.busy === "yes") pause = BUSY_SECONDS;
  } catch {
    pause = AWAY_SECONDS;
  }
  clearTimeout(timer);
  timer = setTimeout(look, pause * 1000);
}

function complain(words) {
  document.getElementById("problem").textContent = words;
}

async function send(form, submitter) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  // Each message has a name of its own: sent again after a lost answer, it is said once.
  fields.set("key", crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${String(Math.random()).slice(2)}`);
  sending += 1;
  complain("");
  try {
    const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) {
      if (form === composer) box.value = "";
      following = true;
      show(page.getElementById("talk"));
    } else if (answer.status === 410 || answer.status === 404) {
      location.reload();
    } else {
      complain(page.querySelector("[role=alert]")?.textContent || composer.dataset.lost);
    }
  } catch {
    complain(composer.dataset.lost);
  } finally {
    sending -= 1;
    grow();
    look();
  }
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  send(event.target, event.submitter);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
box.addEventListener("input", grow);
document.addEventListener("scroll", () => {
  const page = document.scrollingElement;
  following = page.scrollHeight - page.scrollTop - page.clientHeight < 80;
});
document.addEventListener("visibilitychange", look);
toEnd();
look();
