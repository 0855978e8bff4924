/* Closes a picker on Escape, which hands the focus back to it, and on a press anywhere else; fetches the menu of one that has it elsewhere. */
"use strict";
{
  const open = () => document.querySelectorAll("details.picker[open], details.account[open]");

  document.addEventListener("click", (event) => {
    for (const one of open()) if (!one.contains(event.target)) one.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const one of open()) {
      const held = one.contains(document.activeElement);
      one.open = false;
      if (held) one.querySelector("summary").focus();
    }
  });

  document.addEventListener("toggle", async (event) => {
    const one = event.target;
    if (!one.open || !one.dataset?.load) return;
    try {
      const answer = await fetch(one.dataset.load);
      if (answer.ok && !answer.redirected) one.querySelector(".menu").innerHTML = await answer.text();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the way to all boards stands there anyway
    }
  }, true);

  /* What is typed above a long menu leaves the names that hold it; Enter opens the first. */
  const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-search]")) return;
    const wanted = bare(event.target.value.trim()), menu = event.target.closest(".menu");
    for (const line of menu.querySelectorAll("li")) line.hidden = !bare(line.textContent).includes(wanted);
    for (const list of menu.querySelectorAll("ul")) {
      const isEmpty = [...list.children].every((line) => line.hidden);
      list.hidden = isEmpty;
      if (list.previousElementSibling?.matches("h2")) list.previousElementSibling.hidden = isEmpty;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-search]")) return;
    event.preventDefault();
    event.target.closest(".menu").querySelector("li:not([hidden]) a")?.click();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector?.("[data-search]")?.focus();
  }, true);
}
