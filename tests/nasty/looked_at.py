"""What a browser makes of a page that holds the naughty strings."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Dialog, Page

#: Text as the browser has it, fields included; without what Markdown and the comparison of versions make anew of it.
SAID = """() => {
  const copy = document.querySelector("body").cloneNode(true);
  for (const one of copy.querySelectorAll(".md, .doc-text, ins, del, script, style, select")) one.remove();
  const typed = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
  return [copy.textContent, ...typed].join("\\u2028");
}"""
#: Names of elements and attributes that stand in the page, each once.
MADE = """() => {
  const all = [...document.querySelectorAll("*")];
  const attributes = new Set(all.flatMap((one) => one.getAttributeNames()));
  return [[...new Set(all.map((one) => one.localName))], [...attributes]];
}"""
#: Addresses that lead to no page.
LED = """() => [...document.querySelectorAll("[href], [src], [action], [formaction], [data]")]
  .flatMap((one) => ["href", "src", "action", "formaction", "data"].map((name) => one.getAttribute(name)))
  .filter((one) => one && !/^(https?:|mailto:|data:image\\/svg|[/#?.]|[\\w%-]+(\\/|\\.|$))/i.test(one.trim()))"""
#: What an alert, a counter or a handler that ran would have left behind.
RAN = "() => [window.__pwned, window.xss, document.title === 'pwned'].some(Boolean)"


@dataclass
class Findings:
    """What is wrong, page by page; and which texts were seen whole."""

    wrong: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)


def watch(page: Page, findings: Findings) -> None:
    """Write down every dialog, and close it."""

    def heard(dialog: Dialog) -> None:
        findings.wrong.append(f"{page.url}: a dialog said {dialog.message[:80]}")
        dialog.dismiss()

    page.on("dialog", heard)
