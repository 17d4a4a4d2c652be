"""Time the status PDF, CPU seconds of this process, minima of interleaved rounds; print the ratios as one JSON line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
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

ROUNDS, BATCH = 9, 8
VARIANT = "pdf/ua-1"


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


def batch(path: Path, processes: int) -> float:
    """Return the seconds that `processes` need together for one batch of reports; WeasyPrint is imported once in each."""
    command = [sys.executable, "-m", "tests.bench_pdf_batch", str(path), str(BATCH // processes)]
    begun = time.perf_counter()
    running = [subprocess.Popen(command) for _ in range(processes)]
    assert all(process.wait() == 0 for process in running)
    return time.perf_counter() - begun


def main(folder: Path) -> None:
    html = a_page()
    path = folder / "report.html"
    path.write_text(html)
    pdf.render_pdf(html)
    pairs = [(batch(path, 1), batch(path, 2)) for _ in range(3)]
    found = {
        "over_bare": ratio(lambda: pdf.render_pdf(html), lambda: bare(html, VARIANT)),
        "tagged_over_plain": ratio(lambda: bare(html, VARIANT), lambda: bare(html, None)),
        "two_processes": max(one / two for one, two in pairs),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
