"""`./dev bench`: how fast the product is, as ratios measured in one run against a floor measured in the same run.

U is a minimal page of a 50-row table. Each figure is the median over rounds of (median of a few requests of the page) divided
by (median of as many requests of U on the same server, in the same round). A control compares U with itself: outside 0.9 to
1.1 the run says nothing and ends with an error.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (300, 1000, 3000)
ROUNDS, REQUESTS = 9, 5
#: Page → (path, who asks, the least bytes of a true answer, the least rows).
PAGES = {
    "dashboard": ("/portfolio/", "reader", 20_000, 50),
    "project list": ("/projects/", "manager", 20_000, 50),
    "filtered list": ("/projects/?phase=build&sort=-budget", "manager", 15_000, 20),
    "risk list": ("/risks/", "manager", 15_000, 50),
    "project page": ("/projects/P-10007/", "manager", 8_000, 7),
}


@dataclass
class Server:
    """One server on one database."""

    size: int
    port: int
    cookies: dict[str, str]
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str, who: str, count: bool = False) -> tuple[float, bytes, int]:
        """Return seconds, body and the number of queries (0 unless counted). Raises AssertionError on anything but 200."""
        headers = {"Cookie": f"sessionid={self.cookies[who]}", **({"X-Count": "1"} if count else {})}
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        elapsed = time.perf_counter() - begun
        assert response.status == 200, f"{path} answered {response.status}"
        return elapsed, body, int(response.headers.get("X-Queries", 0))

    def median(self, path: str, who: str) -> float:
        return statistics.median(self.get(path, who)[0] for _ in range(REQUESTS))


def environment(url: str) -> dict[str, str]:
    """Return the environment of a production server on plain http, on the database at `url`."""
    var = tempfile.mkdtemp(prefix="plumbline-bench-")
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.bench_settings",
        "PMO_ENV": "production",
        "PMO_SSL_REDIRECT": "0",
        "CACHE_URL": "locmemcache://",
        "PMO_VAR": var,
        "PMO_BASE_URL": "https://bench.example",
        "SECRET_KEY": "bench-only-" + "x" * 60,
        "ALLOWED_HOSTS": "127.0.0.1",
        "PMO_DEMO": "0",
        "DEBUG": "0",
    }


def manage(arguments: list[str], settings: dict[str, str]) -> str:
    finished = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{finished.stderr[-3000:]}")
    return finished.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(size: int, folder: Path) -> Iterator[Server]:
    """Build a city of `size` projects in a database of its own and serve it until the end."""
    settings = environment(f"sqlite:///{folder / f'bench-{size}.sqlite3'}")
    manage(["manage.py", "migrate", "-v0"], settings)
    manage(["manage.py", "collectstatic", "-v0", "--no-input"], settings)
    cookies = json.loads(manage(["-m", "tests.bench_prepare", str(size)], settings).splitlines()[-1])
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "pmo.wsgi",
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "1",
        "-k",
        "gthread",
        "--threads",
        "2",
        "--keep-alive",  # the connection must outlive the building of the next city
        "600",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield answering(Server(size, port, cookies))
    finally:
        process.terminate()
        process.wait(timeout=20)


def answering(server: Server) -> Server:
    """Return the server once it answers; at most half a minute."""
    for _ in range(60):
        try:
            server.get("/bench-floor/", "reader")
        except (ConnectionError, OSError):
            server.connection.close()
            time.sleep(0.5)
        else:
            return server
    raise SystemExit("The server of the benchmark does not answer.")


def check_pages(server: Server) -> dict[str, int]:
    """Ask for every page once, look at what came, and return the queries of each."""
    queries = {}
    for name, (path, who, least_bytes, least_rows) in PAGES.items():
        server.get(path, who)
        _, body, queries[name] = server.get(path, who, count=True)
        assert len(body) >= least_bytes, f"{path}: only {len(body)} bytes"
        assert body.count(b"<tr") >= least_rows, f"{path}: only {body.count(b'<tr')} rows"
    return queries


@dataclass
class Rounds:
    """What the interleaved rounds gave: seconds by size and page, and U beside U."""

    seconds: dict[tuple[int, str], list[float]] = field(default_factory=dict)
    in_units: dict[tuple[int, str], list[float]] = field(default_factory=dict)
    control: list[float] = field(default_factory=list)

    def measure(self, servers: list[Server]) -> None:
        for server in servers:
            unit = server.median("/bench-floor/", "reader")
            self.control.append(server.median("/bench-floor/", "reader") / unit)
            for name, (path, who, _, _) in PAGES.items():
                took = server.median(path, who)
                self.seconds.setdefault((server.size, name), []).append(took)
                self.in_units.setdefault((server.size, name), []).append(took / unit)

    def units(self, size: int, name: str) -> float:
        return statistics.median(self.in_units[size, name])

    def growth(self, name: str) -> float:
        """Return the median of the paired ratios of the largest to the smallest city."""
        pairs = zip(self.seconds[SIZES[-1], name], self.seconds[SIZES[0], name], strict=True)
        return statistics.median(large / small for large, small in pairs)


@dataclass(frozen=True)
class Goal:
    """One row of the goals: what was measured, the floor under which nothing is done, and the goal."""

    number: str
    what: str
    measured: float
    floor: float
    goal: float
    least: bool = False

    @property
    def verdict(self) -> str:
        def reached(limit: float) -> bool:
            return self.measured >= limit if self.least else self.measured <= limit

        return "goal" if reached(self.goal) else "floor" if reached(self.floor) else "NOT REACHED"


def page_goals(rounds: Rounds, queries: dict[int, dict[str, int]]) -> list[Goal]:
    most = {name: max(counted[name] for counted in queries.values()) for name in PAGES}
    lists = ("project list", "filtered list", "risk list")
    return [
        Goal("1", "dashboard, 1,000 projects, in U", rounds.units(1000, "dashboard"), 4, 2.5),
        Goal("2a", "queries of the dashboard, any size", most["dashboard"], 12, 8),
        Goal("2b", "queries of a list, any size", max(most[name] for name in lists), 8, 5),
        Goal("2c", "queries of the project page, any size", most["project page"], 12, 8),
        *(Goal("5", f"growth 300 to 3,000, {name}", rounds.growth(name), 1.5, 1.15) for name in lists),
        Goal("6", "growth 300 to 3,000, dashboard", rounds.growth("dashboard"), 2, 1.3),
        Goal("7", "project page, 1,000 projects, in U", rounds.units(1000, "project page"), 3, 1.6),
    ]


def pdf_goals(folder: Path) -> list[Goal]:
    """Measure the status PDF in processes of their own: over bare WeasyPrint, tagged over plain, two processes over one."""
    settings = {
        **environment(f"sqlite:///{folder / 'pdf.sqlite3'}"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PMO_ENV": "local",
    }
    manage(["manage.py", "migrate", "-v0"], settings)
    found = json.loads(manage(["-m", "tests.bench_pdf", str(folder)], settings).splitlines()[-1])
    return [
        Goal("9", "status PDF over bare WeasyPrint of the same HTML", found["over_bare"], 1.15, 1.05),
        Goal("10", "PDF/UA-1 over the plain PDF", found["tagged_over_plain"], 1.15, 1.10),
        Goal("12", "batch of reports, two processes over one", found["two_processes"], 1.6, 1.75, least=True),
    ]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def report(goals: list[Goal], rounds: Rounds, queries: dict[int, dict[str, int]]) -> None:
    say("\npage                 projects   queries   in U")
    for name in PAGES:
        for size in SIZES:
            say(f"{name:20} {size:8,} {queries[size][name]:9} {rounds.units(size, name):6.2f}")
    say(f"\nU beside itself: {statistics.median(rounds.control):.3f}")
    say("\nno.  what                                                measured   floor   goal   reached")
    for goal in goals:
        say(f"{goal.number:4} {goal.what:50} {goal.measured:9.2f} {goal.floor:7g} {goal.goal:6g}   {goal.verdict}")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-bench-")))
        say(f"Building cities of {', '.join(f'{size:,}' for size in SIZES)} projects …")
        servers = [stack.enter_context(serving(size, folder)) for size in SIZES]
        queries = {server.size: check_pages(server) for server in servers}
        rounds = Rounds()
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}")
            rounds.measure(servers)
        goals = page_goals(rounds, queries) + pdf_goals(folder)
    report(goals, rounds, queries)
    if not 0.9 <= statistics.median(rounds.control) <= 1.1:
        raise SystemExit("U differs from itself: the machine was too busy, this run says nothing.")
    if any(goal.verdict == "NOT REACHED" for goal in goals):
        raise SystemExit("A floor was not reached.")


if __name__ == "__main__":
    main()
