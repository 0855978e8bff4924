/* Arranging a board: drag by the handle or press arrow keys on it; every deed is sent at once and the board is put in as it then is. */
"use strict";
{
  const ground = document.querySelector("[data-arrange]");
  const says = document.querySelector("[data-arrange-says]");
  let last = Promise.resolve(); // deeds go one after the other, in the order they were done

  const keyOf = () => document.activeElement?.closest?.("[data-key]")?.dataset.key;

  function put(text, key) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.querySelector("[data-arrange]");
    if (!fresh) return location.reload();
    ground.innerHTML = fresh.innerHTML;
    const problem = page.querySelector(".messages");
    document.querySelector(".messages")?.closest("[role=status]")?.remove();
    if (problem) ground.before(problem.closest("[role=status]"));
    document.dispatchEvent(new Event("board:changed"));
    const again = key && ground.querySelector(`[data-key="${key}"]`);
    (again || ground.querySelector("[data-key]"))?.focus({ preventScroll: true });
    again?.closest("li")?.scrollIntoView({ block: "nearest" });
    if (says) says.textContent = again?.querySelector(".hush")?.textContent ?? "";
  }

  const send = (deed) => (last = last.then(() => act(deed)));

  async function act(deed) {
    const [address, fields, key] = deed();
    try {
      const body = new URLSearchParams({ csrfmiddlewaretoken: ground.dataset.token, ...fields });
      const answer = await fetch(address, { method: "POST", body });
      if (!answer.ok) return location.reload();
      put(await answer.text(), key);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      location.reload(); // the server does not answer: the browser says so
    }
  }

  if (ground) {
    ground.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target)), address = event.target.action, key = keyOf();
      send(() => [address, fields, key]);
    });

    ground.addEventListener("keydown", (event) => {
      const handle = event.target.closest("[data-handle]");
      if (!handle || !event.key.startsWith("Arrow")) return;
      event.preventDefault();
      const isRightToLeft = document.documentElement.dir === "rtl";
      const by = event.key === "ArrowUp" || event.key === (isRightToLeft ? "ArrowRight" : "ArrowLeft") ? -1 : 1;
      const { move } = handle.closest("li").dataset, { key } = handle.dataset;
      const place = () => Number(ground.querySelector(`[data-key="${key}"]`)?.closest("li").dataset.place); // where the deeds before have put it
      if (event.shiftKey) send(() => [move.replace("/move/", "/resize/"), { by }, key]);
      else send(() => [move, { to: Math.max(0, place() + by) }, key]);
    });

    /* Dragging: the card goes where the pointer is over another, before or after it in reading order. */
    ground.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest("[data-handle]");
      if (!handle || event.button) return;
      const card = handle.closest("li"), began = Number(card.dataset.place), cards = () => [...ground.querySelectorAll("li[data-place]")];
      let isMoved = false;
      handle.setPointerCapture(event.pointerId);
      function move(now) {
        const under = document.elementsFromPoint(now.clientX, now.clientY).map((one) => one.closest?.("li[data-place]")).find((one) => one && one !== card);
        if (now.clientY < 60) scrollBy(0, -16);
        if (now.clientY > innerHeight - 60) scrollBy(0, 16);
        if (!under) return;
        isMoved = true;
        card.classList.add("is-dragged");
        const all = cards();
        if (all.indexOf(under) < all.indexOf(card)) under.before(card);
        else under.after(card);
      }
      function end() {
        handle.removeEventListener("pointermove", move);
        card.classList.remove("is-dragged");
        const place = cards().indexOf(card);
        if (isMoved && place !== began) send(() => [card.dataset.move, { to: place }, handle.dataset.key]);
      }
      handle.addEventListener("pointermove", move);
      handle.addEventListener("lostpointercapture", end, { once: true });
    });
  }

  /* The settings of a widget: what it looks like follows what is chosen. */
  const form = document.querySelector("[data-previews]");
  if (form) {
    const preview = document.getElementById("preview");
    let asked = 0;
    form.closest(".settings").classList.add("is-scripted");
    form.addEventListener("change", async () => {
      const mine = ++asked, body = new FormData(form);
      body.set("preview", "1");
      try {
        const answer = await fetch(form.dataset.previews, { method: "POST", body, headers: { "X-Preview": "1" } });
        if (!answer.ok || mine !== asked) return;
        preview.innerHTML = await answer.text();
        document.dispatchEvent(new Event("board:changed"));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    });
  }
}
