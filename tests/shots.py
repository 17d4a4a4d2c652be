"""`./dev shots [WORD …]`: the demo city in pictures, in `shots/` (not kept): 1440 and 390 px, light and dark; PDFs as PNG.

Words choose pages by name: `./dev shots review` takes those whose name holds “review”.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.shot_list import Shot, pages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "shots"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo_server(folder: Path) -> Iterator[str]:
    """Fill a throw-away database with the demo city and serve it until the end. Yields the base address."""
    database = f"sqlite:///{folder / 'shots.sqlite3'}"
    os.environ.update(DATABASE_URL=database, PMO_ENV="local", PMO_DEMO="1", PMO_VAR=str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "pmo.settings"
    for verb in (["migrate", "-v0"], ["seed_demo"]):
        subprocess.run([sys.executable, "manage.py", *verb], cwd=ROOT, check=True)
    port = free_port()
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port: int) -> None:
    for _ in range(120):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.25)
    raise SystemExit("The server of the pictures does not answer.")


def session_of(email: str) -> str:
    from django.conf import settings
    from django.test import Client

    from pmo.models import User

    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def take(browser: object, base: str, shots: list[Shot]) -> None:
    sessions = {shot.who: session_of(shot.who) for shot in shots if shot.who}
    for who in {shot.who for shot in shots}:
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[attr-defined]
                if who:
                    context.add_cookies([{"name": "sessionid", "value": sessions[who], "url": base}])
                page = context.new_page()
                for shot in (shot for shot in shots if shot.who == who and not shot.name.endswith(".pdf")):
                    page.goto(base + shot.path)
                    page.screenshot(path=FOLDER / f"{shot.name}-{size}-{theme}.png", full_page=True)
                context.close()


def print_pdfs(base: str, shots: list[Shot]) -> None:
    import urllib.request

    for shot in (shot for shot in shots if shot.name.endswith(".pdf")):
        request = urllib.request.Request(base + shot.path, headers={"Cookie": f"sessionid={session_of(shot.who)}"})
        path = FOLDER / shot.name
        with urllib.request.urlopen(request) as answer:
            path.write_bytes(answer.read())
        subprocess.run(["pdftoppm", "-r", "110", "-png", path, path.with_suffix("")], check=True)


def main(words: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="plumbline-shots-") as folder, demo_server(Path(folder)) as base:
        import django

        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        django.setup()
        shots = [shot for shot in pages() if not words or any(word in shot.name for word in words)]
        chromium = os.environ.get("PMO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            take(browser, base, shots)
            browser.close()
        print_pdfs(base, shots)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
