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
}
