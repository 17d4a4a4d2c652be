"""A worker of tests/bench_pdf.py: each number on its input asks for as many PDFs of one page; it answers when they are made."""

import sys
from pathlib import Path

import django

django.setup()

from pmo.lib.pdf import render_pdf  # noqa: E402


def answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    html = Path(sys.argv[1]).read_text()
    render_pdf(html)  # Loads WeasyPrint: a worker does so once, not for every batch.
    answer("ready")
    for line in sys.stdin:
        for _ in range(int(line)):
            render_pdf(html)
        answer("done")
