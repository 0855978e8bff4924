/* Files that are dropped on a form are sent by it. */
"use strict";
{
  const form = document.querySelector("form[data-drop]");
  const over = (event, is) => { event.preventDefault(); form.classList.toggle("is-over", is); };
  form?.addEventListener("dragover", (event) => over(event, true));
  form?.addEventListener("dragleave", (event) => over(event, false));
  form?.addEventListener("drop", (event) => {
    over(event, false);
    if (!event.dataTransfer.files.length) return;
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
