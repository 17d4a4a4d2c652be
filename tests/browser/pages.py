"""Every page of the product with somebody who may open it, and what is seen of a page in a browser."""

from __future__ import annotations

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from pmo.models import User
from tests.access_matrix import MATRIX
from tests.access_world import World, named_urls

#: Answers that are no pages: files, plain text and JSON.
NO_PAGE = ("-csv", "-xlsx", "-pdf", "-json", "attachment-file", "healthz", "readyz", "mfa_download_recovery_codes")
#: Who is asked first, so that one session serves most pages.
ORDER = ("pia", "max", "gina", "adam", "stella", "audrey")
AXE = Axe()
#: The elements that stick out at the right, the outermost first; null where the page fits its window.
OUT_OF_THE_WINDOW = """() => {
  const root = document.documentElement, edge = root.clientWidth;
  if (root.scrollWidth <= edge) return null;
  const scrolls = (one) =>
    one !== document.body && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  const out = [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > edge + 0.5 && !scrolls(one.parentElement));
  return out.slice(0, 3).map((one) => [one.tagName, one.getAttribute("class"), one.textContent.trim().slice(0, 40)].join(" "));
}"""


@dataclass(frozen=True)
class Address:
    """One page, who opens it, and the status that is expected of it."""

    name: str
    path: str
    person: str
    status: int = 200


def every_page(world: World) -> list[Address]:
    """Return one address for each URL of the access table that answers GET with a page, for the first who may open it."""
    found = []
    for name, parameters in named_urls().items():
        row = MATRIX[name]
        person = next((one for one in (*ORDER, *sorted(row.allow)) if one in row.allow), None)
        if row.method == "GET" and person and not name.endswith(NO_PAGE):
            found.append(Address(name, reverse(name, kwargs=world.arguments(name, parameters)), person))
    return found


def session_cookie(person: User, base: str) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": base}


@dataclass
class Crawl:
    """A browser that visits pages as several people and writes down what is wrong with each."""

    browser: Browser
    base: str
    options: dict[str, object]
    found: list[str] = field(default_factory=list)
    opened: dict[str, tuple[BrowserContext, Page]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def page_of(self, person: User) -> Page:
        """Return the page in which this person is signed in."""
        if person.email not in self.opened:
            context = self.browser.new_context(**self.options)  # type: ignore[arg-type]
            context.add_cookies([session_cookie(person, self.base)])  # type: ignore[list-item]
            page = context.new_page()
            page.on("console", self.hear)
            page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))
            page.on("response", self.see)
            self.opened[person.email] = context, page
        return self.opened[person.email][1]

    def hear(self, message: ConsoleMessage) -> None:
        """Keep errors and refusals of the content policy; that a page itself answered 4xx is checked apart."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.said.append(f"console: {message.text[:200]}")

    def see(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.said.append(f"{response.status} for {response.url}")

    def visit(self, address: Address, person: User) -> Page:
        page = self.page_of(person)
        self.said.clear()
        answer = page.goto(self.base + address.path)
        assert answer is not None
        if answer.status != address.status:
            self.note(address, f"answered {answer.status}, not {address.status}")
        for sentence in self.said:
            self.note(address, sentence)
        return page

    def note(self, address: Address, sentence: str) -> None:
        self.found.append(f"{address.name} ({address.path}): {sentence}")

    def check_accessibility(self, address: Address, page: Page) -> None:
        for one in AXE.run(page).response["violations"]:
            nodes = one["nodes"]
            self.note(address, f"{one['id']} x{len(nodes)}: {nodes[0]['html'][:160]}")

    def check_width(self, address: Address, page: Page) -> None:
        culprits = page.evaluate(OUT_OF_THE_WINDOW)
        if culprits is not None:
            self.note(address, f"scrolls sideways at {page.evaluate('window.innerWidth')} px: {culprits}")

    def close(self) -> None:
        for context, _ in self.opened.values():
            context.close()
