// Keeps the page fresh while somebody looks at it and the delivery is under way.
const EVERY_SECONDS = 20;

async function refresh() {
  const shown = document.getElementById("delivery");
  if (document.hidden || shown.dataset.underWay !== "yes") return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("delivery");
    if (fresh) shown.replaceWith(fresh);
    else if (answer.status === 404) location.reload();
  } catch {
    // No network for a moment: the next round tries again.
  }
}

setInterval(refresh, EVERY_SECONDS * 1000);
document.addEventListener("visibilitychange", refresh);
