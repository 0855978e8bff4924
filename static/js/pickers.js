/* Closes a picker on Escape, which hands the focus back to it, and on a press anywhere else. */
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
}
