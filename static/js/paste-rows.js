/* A block of cells that is pasted anywhere into a table's form becomes rows at once; a column of lines does so in the first cell of a
   row, where it belongs. Without this file there is the field for it. */
(() => {
  "use strict";

  const form = document.getElementById("section-form");
  const field = document.getElementById("paste");
  if (!form || !field) return;

  const isFirstCell = (target) => target.matches?.("input, select") && target.closest(".row-cell")?.matches(":first-child");

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") || "";
    const isColumn = text.trim().includes("\n") && isFirstCell(event.target);
    if (event.target === field || !(text.includes("\t") || isColumn)) return;
    event.preventDefault();
    field.value = text;
    form.querySelector("button[value=paste]").click();
  });
})();
