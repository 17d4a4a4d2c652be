/* A block of cells that is pasted anywhere into a table's form becomes rows at once. Without this file there is the field for it. */
(() => {
  "use strict";

  const form = document.getElementById("section-form");
  const field = document.getElementById("paste");
  if (!form || !field) return;

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") || "";
    if (event.target === field || !text.includes("\t")) return;
    event.preventDefault();
    field.value = text;
    form.querySelector("button[value=paste]").click();
  });
})();
