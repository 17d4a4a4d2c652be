/* Keys. Everything works without this file; with it the keyboard is quicker.
   Single keys are off while somebody types, and altogether when the account says so (<html data-keys="off">). */
(() => {
  "use strict";

  const GO_TIMEOUT_MS = 1200;
  const TYPING = "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable]";
  let waitingForGo = 0;

  const isOff = () => document.documentElement.dataset.keys === "off";
  const isVisible = (element) => element.getClientRects().length > 0;
  const usable = (selector, within = document) =>
    [...within.querySelectorAll(selector)].find((element) => !element.disabled && isVisible(element));

  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr:not(.group), [data-rows] > li")].filter(isVisible);

  function moveRow(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("is-at"));
    const next = now < 0 ? 0 : Math.max(0, Math.min(all.length - 1, now + step));
    if (now >= 0) all[now].classList.remove("is-at");
    all[next].classList.add("is-at");
    const row = all[next];
    (row.querySelector("a[data-open]") ?? row.querySelector("th a, a"))?.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }

  function setRating(rate, key) {
    const input = rate.querySelector(`input[value="${key.toUpperCase()}"]`);
    if (!input || input.disabled) return;
    input.focus();
    input.click();
  }

  function pressKeyed(key) {
    const selector = `[data-key="${CSS.escape(key)}"]`;
    const at = document.querySelector("[data-rows] tr.is-at");
    const target = (at && usable(selector, at)) || [...document.querySelectorAll(selector)].find(
      (element) => !element.disabled && isVisible(element) && !element.closest("[data-rows] tbody tr"),
    );
    target?.click();
    return Boolean(target);
  }

  function goTo(key) {
    const link = document.querySelector(`.nav a[data-go="${CSS.escape(key)}"]`);
    if (link) window.location.assign(link.href);
  }

  /* Returns true when the key was ours. */
  function press(event) {
    const key = event.key;
    const rate = event.target.closest?.(".rate");
    if (rate && "gyr".includes(key.toLowerCase())) {
      setRating(rate, key);
      return true;
    }
    if (waitingForGo && Date.now() - waitingForGo < GO_TIMEOUT_MS) {
      waitingForGo = 0;
      goTo(key);
      return true;
    }
    waitingForGo = 0;
    if (key === "?") {
      document.getElementById("keys")?.togglePopover?.();
      return true;
    }
    if (document.querySelector("[popover]:popover-open")) return false;
    if (key === "/") {
      const search = document.querySelector(".search input");
      search?.focus();
      search?.select();
      return Boolean(search);
    }
    if (pressKeyed(key)) return true;
    if (key === "j" || key === "k") {
      moveRow(key === "j" ? 1 : -1);
      return true;
    }
    if (key === "g") {
      waitingForGo = Date.now();
      return true;
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form[data-submit-key]") || document.querySelector("form[data-submit-key]");
      if (form) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-submit]") || document.querySelector(`[data-submit][form="${form.id}"]`));
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || isOff()) return;
    if (event.target.closest?.(TYPING)) return;
    if (press(event)) event.preventDefault();
  });
})();
