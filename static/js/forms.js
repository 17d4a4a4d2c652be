/* Forms: reasons that open when they are asked for, words that are not lost by leaving, choices that apply at once.
   Without this file every field is visible and every choice has a button. */
(() => {
  "use strict";

  /* A field that is asked for by some answers only: data-reveal-when="Y R", of the radio group data-reveal-name. */
  const groupOf = (element) => {
    if (element.dataset.revealName) return element.dataset.revealName;
    let scope = element.parentElement;
    while (scope && !scope.querySelector("input[type=radio]")) scope = scope.parentElement;
    return scope?.querySelector("input[type=radio]")?.name;
  };

  function reveal(root = document) {
    for (const element of root.querySelectorAll("[data-reveal-when]")) {
      const name = groupOf(element);
      const chosen = name && document.querySelector(`input[name="${CSS.escape(name)}"]:checked`)?.value;
      const isAskedFor = element.dataset.revealWhen.split(" ").includes(chosen || "");
      element.hidden = !isAskedFor && !element.querySelector("[aria-invalid=true]");
    }
  }

  /* Leaving a form with words that are stored nowhere asks first. */
  const unsaved = new Set();
  function watch(form) {
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("submit", () => unsaved.delete(form));
    form.addEventListener("plumbline:saved", () => unsaved.delete(form));
  }

  window.addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });

  /* One box that ticks all of a name, and the count of what is ticked. */
  function tickAll(box) {
    for (const other of document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.dataset.checkAll)}"]`)) {
      if (!other.disabled) other.checked = box.checked;
    }
  }

  function countTicked() {
    for (const place of document.querySelectorAll("[data-checked-count]")) {
      const name = CSS.escape(place.dataset.checkedCount);
      const number = document.querySelectorAll(`input[type=checkbox][name="${name}"]:checked`).length;
      place.textContent = String(number);
      for (const button of document.querySelectorAll(`[data-needs-checked="${name}"]`)) button.disabled = number === 0;
    }
  }

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (target.matches?.("input[type=radio]")) reveal();
    if (target.matches?.("[data-check-all]")) tickAll(target);
    if (target.matches?.("input[type=checkbox]")) countTicked();
    const form = target.closest?.("form[data-auto-submit]");
    if (form && (target.type !== "date" || target.value)) form.requestSubmit();
  });

  function closeButtonFor(toast) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", () => toast.remove());
    toast.append(button);
  }

  function start(root) {
    reveal(root);
    countTicked();
    root.querySelectorAll("form[data-unsaved]").forEach(watch);
    root.querySelectorAll("[data-fallback]").forEach((element) => { element.hidden = true; });
    root.querySelectorAll(".toasts .toast").forEach(closeButtonFor);
  }

  start(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(event.target); });
  document.querySelector(".summary[tabindex]")?.focus();
})();
