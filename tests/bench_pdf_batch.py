"""Render one page a number of times in this process: one share of the batch of tests/bench_pdf.py."""

import sys
from pathlib import Path

import django

django.setup()

from pmo.lib.pdf import render_pdf  # noqa: E402

if __name__ == "__main__":
    html = Path(sys.argv[1]).read_text()
    for _ in range(int(sys.argv[2])):
        render_pdf(html)
