"""Time the status PDF, CPU seconds of this process, minima of interleaved rounds; print the ratios as one JSON line."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from governance.report_pdf import html_of  # noqa: E402
from governance.states import Edition  # noqa: E402
from pmo.lib import pdf  # noqa: E402
from pmo.roles import Role  # noqa: E402
from tests.factories import make_milestone, make_project, make_risk, make_user  # noqa: E402
from tests.governance.stories import an_accepted  # noqa: E402

ROUNDS, BATCHES, BATCH = 9, 5, 8
VARIANT = "pdf/ua-1"
Worker = subprocess.Popen[str]


def a_page() -> str:
    """Return the HTML of a typical accepted report."""
    manager, reviewer = make_user("Max Harrow"), make_user("Pia Orlov", Role.PMO_MANAGER)
    today = timezone.localdate()
    project = make_project(project_manager=manager, budget_amount=2_940_000, spent_amount=1_561_900, forecast_amount=3_201_700)
    for _ in range(6):
        make_milestone(project, original_on=today, baseline_on=today, forecast_on=today, is_key=True)
    for _ in range(3):
        make_risk(project, show_on_report=True)
    return html_of(an_accepted(project, by=reviewer, at=timezone.now()), Edition.OFFICE)


def bare(html: str, variant: str | None) -> bytes:
    """Return the PDF as WeasyPrint alone makes it, with the same fetcher, for it cannot find our files otherwise."""
    import weasyprint

    document = weasyprint.HTML(string=html, base_url=f"http://{pdf.HOST}/", url_fetcher=pdf._fetcher_class()())
    return document.write_pdf(pdf_variant=variant) if variant else document.write_pdf()


def cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Return the ratio of the smallest times of two pieces of work that take turns."""
    mine, other = [], []
    for _ in range(ROUNDS):
        mine.append(cpu(ours))
        other.append(cpu(theirs))
    return min(mine) / min(other)


@contextmanager
def two_workers(path: Path) -> Iterator[list[Worker]]:
    """Start two processes and wait until both have made their first PDF: a batch is measured, not how a process starts."""
    command = [sys.executable, "-m", "tests.bench_pdf_batch", str(path)]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        workers = [stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)) for _ in range(2)]
        for worker in workers:
            hear(worker, "ready")
        yield workers


def hear(worker: Worker, word: str) -> None:
    assert worker.stdout is not None
    assert worker.stdout.readline() == f"{word}\n"


def batch(workers: Sequence[Worker]) -> float:
    """Return the seconds in which these workers together make one batch of reports."""
    begun = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(f"{BATCH // len(workers)}\n")
        worker.stdin.flush()
    for worker in workers:
        hear(worker, "done")
    return time.perf_counter() - begun


def gain_of_two(path: Path) -> float:
    """Return the median of how much faster two processes are than one, taking turns."""
    with two_workers(path) as workers:
        return statistics.median(batch(workers[:1]) / batch(workers) for _ in range(BATCHES))


def main(folder: Path) -> None:
    html = a_page()
    path = folder / "report.html"
    path.write_text(html)
    pdf.render_pdf(html)
    found = {
        "over_bare": ratio(lambda: pdf.render_pdf(html), lambda: bare(html, VARIANT)),
        "tagged_over_plain": ratio(lambda: bare(html, VARIANT), lambda: bare(html, None)),
        "two_processes": gain_of_two(path),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
