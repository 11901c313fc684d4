// Carousels that turn, and carts that add up.

export function readyGoods(part) {
  for (const carousel of part.querySelectorAll(".carousel")) readyCarousel(carousel);
  for (const cart of part.querySelectorAll("form[data-cart]")) readyCart(cart);
}

function readyCarousel(carousel) {
  const cards = carousel.querySelector(".cards");
  const [back, next] = [carousel.querySelector(".back-card"), carousel.querySelector(".next-card")];
  const look = () => {
    back.hidden = cards.scrollLeft < 8;
    next.hidden = cards.scrollLeft > cards.scrollWidth - cards.clientWidth - 8;
  };
  // Counted in cards, so that three quick clicks turn three.
  const width = () => cards.children[1].offsetLeft - cards.children[0].offsetLeft;
  let aim = 0;
  for (const button of [back, next]) {
    button.addEventListener("click", () => {
      aim = Math.min(cards.children.length - 1, Math.max(0, aim + Number(button.dataset.turn)));
      cards.scrollTo({ left: aim * width(), behavior: "smooth" });
    });
  }
  cards.addEventListener("scrollend", () => (aim = Math.round(cards.scrollLeft / width())));
  cards.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(cards);
}

function readyCart(cart) {
  const total = cart.querySelector("[data-total]");
  const quantities = [...cart.querySelectorAll("[name=quantity]")];
  const add = () => {
    const sum = quantities.reduce((all, each) => all + each.value * each.closest("[data-price]").dataset.price, 0);
    const count = quantities.reduce((all, each) => all + Number(each.value), 0);
    total.value = count && sum ? money(sum, total.dataset.currency) : "";
    cart.toggleAttribute("data-empty", !count);
  };
  for (const button of cart.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const field = button.parentElement.querySelector("input");
      field.value = Math.min(field.max, Math.max(field.min, Number(field.value) + Number(button.dataset.step)));
      add();
    });
  }
  cart.addEventListener("input", add);
  cart.addEventListener("reset", () => setTimeout(add)); // the fields are empty only after the event
  add();
}

function money(amount, currency) {
  try {
    return new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}
