/* Autosave of form[data-autosave="URL"]: what is typed is sent 1.5 s after the last key, and a copy is kept in this tab.
   200 {saved_at, clock, revision}: stored; `clock` is the office’s time. 409 {url, post}: changed elsewhere. 401 or 403: signed out; the words stay in the form.
   The form usually has a hidden field `revision`; elements with data-saved say when it was saved. */
(() => {
  "use strict";

  const PAUSE_MS = 1500;
  const RETRY_MS = 8000;

  const clock = (when) => when.toLocaleTimeString("en-US", { hour12: false, hourCycle: "h23" });

  function notice(title, text, actions = []) {
    const place = document.getElementById("notices");
    const banner = document.createElement("div");
    banner.className = "banner banner--late";
    const words = document.createElement("div");
    const heading = document.createElement("h2");
    heading.textContent = title;
    const paragraph = document.createElement("p");
    paragraph.className = "soft";
    paragraph.textContent = text;
    words.append(heading, paragraph);
    const end = document.createElement("p");
    end.className = "end row tight";
    end.append(...actions.map((action) => actionElement(action, banner)));
    banner.append(words, end);
    place.replaceChildren(banner);
  }

  function actionElement({ words, href, run, isFirst }, banner) {
    const element = document.createElement(href ? "a" : "button");
    element.className = `btn btn--sm${isFirst ? " btn--first" : ""}`;
    element.textContent = words;
    if (href) element.href = href;
    else {
      element.type = "button";
      element.addEventListener("click", () => { banner.remove(); run?.(); });
    }
    return element;
  }

  class Autosave {
    constructor(form) {
      this.form = form;
      this.url = form.dataset.autosave;
      this.key = `plumbline:draft:${this.url}`;
      this.timer = 0;
      this.isSending = false;
      this.isStopped = false;
      this.changes = 0;
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", () => this.changed());
      form.addEventListener("submit", (event) => this.leaving(event));
      this.offerCopy();
    }

    /* What the form says, without tokens, the revision and files. */
    fields() {
      const skipped = new Set(["csrfmiddlewaretoken", "revision"]);
      return [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && !skipped.has(name));
    }

    changed() {
      this.changes += 1;
      try {
        sessionStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields: this.fields() }));
      } catch { /* No room or no permission: the server's copy is the one that counts. */ }
      if (this.isStopped) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), PAUSE_MS);
    }

    /* While words are on their way, sending the form waits for them: else it would meet its own words as somebody else's. */
    leaving(event) {
      clearTimeout(this.timer);
      if (!this.isSending) {
        this.isStopped = true;
        return;
      }
      event.preventDefault();
      this.waiting = event.submitter || null;
    }

    async send() {
      if (this.isSending || this.isStopped) return;
      this.isSending = true;
      const sent = this.changes;
      this.say("Saving");
      try {
        const answer = await fetch(this.url, {
          method: "POST",
          body: new FormData(this.form),
          headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
          credentials: "same-origin",
        });
        await this.take(answer, sent);
      } catch {
        this.say("Not saved: no connection. Trying again.");
        this.timer = setTimeout(() => this.send(), RETRY_MS);
      } finally {
        this.isSending = false;
        this.goOn();
      }
    }

    goOn() {
      if (this.waiting === undefined) return;
      const submitter = this.waiting;
      this.waiting = undefined;
      clearTimeout(this.timer);
      this.form.requestSubmit(submitter);
    }

    async take(answer, sent) {
      if (answer.status === 401 || answer.status === 403) return this.signedOut();
      const body = await answer.json().catch(() => ({}));
      if (answer.status === 409) return this.conflict(body);
      if (!answer.ok) {
        this.say(body.message || "Not saved. Check what you typed.");
        return undefined;
      }
      this.saved(body);
      if (this.changes !== sent) this.timer = setTimeout(() => this.send(), PAUSE_MS);
      else {
        sessionStorage.removeItem(this.key);
        this.form.dispatchEvent(new CustomEvent("plumbline:saved"));
      }
      return undefined;
    }

    saved({ clock: at, revision }) {
      const field = this.form.elements.namedItem("revision");
      if (field && revision !== undefined) field.value = revision;
      this.say(`Saved ${at}`);
    }

    say(words) {
      for (const place of document.querySelectorAll("[data-saved]")) place.textContent = words;
    }

    /* `post`: the page that compares takes the form as it is when the button is pressed, later words included. */
    conflict({ url, post }) {
      this.isStopped = true;
      this.say("Not saved");
      const action = post ? { run: () => { this.form.action = url; this.form.requestSubmit(); } } : { href: url };
      notice("This was changed elsewhere meanwhile", "Another tab or person saved a newer version. Compare the two; nothing you typed is lost.", [
        { words: "Compare", ...action, isFirst: true },
      ]);
    }

    signedOut() {
      this.isStopped = true;
      this.say("Not saved");
      notice("You are signed out", "What you typed is still here: send the form to sign in and keep it.", [
        { words: "Send the form", run: () => this.form.requestSubmit(), isFirst: true },
      ]);
    }

    /* A copy is left in this tab only when its last words were not stored. It is offered, never put in by itself; clocks are not
       compared, because this machine's may be wrong. */
    offerCopy() {
      const copy = this.storedCopy();
      if (!copy) return;
      if (JSON.stringify(copy.fields) === JSON.stringify(this.fields())) {
        sessionStorage.removeItem(this.key);
        return;
      }
      notice("There are words here that were not stored", `Typed in this tab at ${clock(new Date(copy.at))}.`, [
        { words: "Put them in", run: () => this.restore(copy.fields), isFirst: true },
        { words: "Discard", run: () => sessionStorage.removeItem(this.key) },
      ]);
    }

    storedCopy() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key) || "null");
      } catch {
        return null;
      }
    }

    restore(fields) {
      const values = new Map();
      for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
      for (const field of this.form.elements) {
        if (!field.name || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") continue;
        const wanted = values.get(field.name) || [];
        if (field.type === "radio" || field.type === "checkbox") field.checked = wanted.includes(field.value);
        else if (wanted.length) field.value = wanted.shift();
      }
      this.form.dispatchEvent(new Event("change", { bubbles: true }));
      this.form.querySelector("input[type=radio]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));
})();
