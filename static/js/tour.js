/* Shows somebody around at their first look at a board: stop by stop, to be left at any of them. */
"use strict";
page: {
  const source = document.getElementById("tour-steps"), guide = document.getElementById("tour");
  if (!source || !guide) break page;
  const steps = JSON.parse(source.textContent).map((step) => ({ ...step, target: document.querySelector(step.at) })).filter((step) => step.target);
  const title = guide.querySelector("h2"), text = guide.querySelector("p"), count = guide.querySelector("[data-count]");
  const [back, next, leave] = ["back", "next", "leave"].map((name) => guide.querySelector(`[data-${name}]`));
  let place = -1;

  function show(n) {
    document.querySelector(".is-toured")?.classList.remove("is-toured");
    place = n;
    const step = steps[n];
    if (step) {
      title.textContent = step.title;
      text.textContent = step.text;
      step.target.classList.add("is-toured");
      step.target.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
    count.textContent = step ? `${n + 1}/${steps.length}` : "";
    back.hidden = n < 1;
    next.textContent = n === steps.length - 1 ? next.dataset.last : n < 0 ? next.dataset.first : next.dataset.more;
    guide.focus();
  }

  function end() {
    document.querySelector(".is-toured")?.classList.remove("is-toured");
    guide.remove();
    fetch(guide.dataset.done, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: guide.dataset.token }) }).catch(() => {}); // shown again next time, and no harm
  }

  next.addEventListener("click", () => place === steps.length - 1 ? end() : show(place + 1));
  back.addEventListener("click", () => show(place - 1));
  leave.addEventListener("click", end);
  guide.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });
  guide.hidden = !steps.length;
  if (steps.length && new URLSearchParams(location.search).has("tour")) show(0);
}
