"""Workbooks built as attacks, and 1,000 damaged files: a clear error with a code each, nothing written, never a crash."""

import random
import time
import zipfile
from io import BytesIO

import pytest

from pmo.models import User
from portfolio.importing import workbook as workbooks
from portfolio.importing.limits import MAX_RATIO
from portfolio.importing.problems import FileRefused
from portfolio.importing.reading import read_table
from portfolio.models import ImportRun
from tests.portfolio.importing import SMALL, brought_in, portfolio_digest, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook([["code", "name", "budget"], *([f"A-{n}", f"Project {n}", n * 1000] for n in range(40))])
SHEET_XML = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as error:
        read_table(content)
    assert error.value.sentence
    return str(error.value.code)


def test_a_part_that_unfolds_too_far_is_refused() -> None:
    bomb = with_part(PLAIN, "xl/media/image1.png", b"\0" * (MAX_RATIO * 20_000))
    assert refusal(bomb) == "zip_unsafe"


def test_a_workbook_that_unfolds_to_too_much_is_refused_without_being_unfolded() -> None:
    dice = random.Random(7)
    bomb = with_part(PLAIN, "xl/media/image1.png", b"".join(dice.randbytes(1_000) + b"\0" * 49_000 for _ in range(1_060)))
    assert len(bomb) < 2_000_000
    started = time.monotonic()
    assert refusal(bomb) == "zip_unsafe"
    assert time.monotonic() - started < 2


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    file = BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(200):
            archive.writestr(f"xl/extra{number}.xml", "<a/>")
    assert refusal(file.getvalue()) == "zip_unsafe"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../evil.xml", "..\\evil.xml"])
def test_a_part_that_points_outside_is_refused(name: str) -> None:
    assert refusal(with_part(PLAIN, name, b"<a/>")) == "zip_unsafe"


def test_a_declared_entity_is_refused() -> None:
    billion = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(with_part(PLAIN, SHEET, billion)) == "zip_unsafe"


def test_a_cell_far_away_is_refused_before_the_grid_is_built() -> None:
    far = SHEET_XML.format('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    assert refusal(with_part(PLAIN, SHEET, far.encode())) == "too_many_rows"
    wide = SHEET_XML.format('<row r="1"><c r="XFD1"><v>1</v></c></row>')
    assert refusal(with_part(PLAIN, SHEET, wide.encode())) == "too_many_columns"


def test_a_string_repeated_to_gigabytes_is_stopped_by_the_limits_of_the_process() -> None:
    """Every cell names one shared string of 400,000 letters: the file is small, the table would be 40 GB."""
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{random_letters(400_000)}</t></si></sst>'
    cells = "".join(f'<c r="{letter}{{0}}" t="s"><v>0</v></c>' for letter in "ABCDE")
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 20_001))
    bomb = with_part(with_part(PLAIN, "xl/sharedStrings.xml", strings.encode()), SHEET, SHEET_XML.format(rows).encode())
    assert len(bomb) < 2_000_000
    assert refusal(bomb) in {"workbook", "zip_unsafe"}


def random_letters(count: int) -> str:
    return "".join(random.Random(3).choices("abcdefghijklmnopqrstuvwxyz", k=count))


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "WORKBOOK_SECONDS", 0.001)
    assert refusal(PLAIN) == "workbook"


@pytest.mark.parametrize("left_out", ["[Content_Types].xml", "xl/workbook.xml"])
def test_a_zip_that_is_no_workbook_is_refused(left_out: str) -> None:
    assert refusal(with_part(PLAIN, left_out, None)) == "wrong_type"


def test_a_lie_about_the_size_of_a_part_is_found() -> None:
    content = bytearray(with_part(PLAIN, "xl/media/image1.xml", b"<a>" + b"x" * 50_000 + b"</a>"))
    place = content.rfind(b"xl/media/image1.xml")
    content[place - 46 + 24 : place - 46 + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(content)) == "workbook"


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Return `content` cut, flipped, doubled, stuffed or mixed up."""
    spoiled = bytearray(content)
    match dice.randrange(6):
        case 0:
            return bytes(spoiled[: dice.randrange(len(spoiled))])
        case 1:
            for _ in range(dice.randrange(1, 30)):
                spoiled[dice.randrange(len(spoiled))] ^= 1 << dice.randrange(8)
        case 2:
            place = dice.randrange(len(spoiled))
            spoiled[place:place] = dice.choice(
                [b"\x00", b'"', b'"""', b"\xff\xfe", b"\r", b"\n\n\n", b"=cmd|' /C calc'!A0", b"," * 300]
            )
        case 3:
            start = dice.randrange(len(spoiled))
            del spoiled[start : start + dice.randrange(1, 200)]
        case 4:
            spoiled += spoiled[dice.randrange(len(spoiled)) :]
        case _:
            return (
                dice.choice([b"\xff\xfe", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff", b"PK\x03\x04", b"%PDF", b"<?xml?>"]) + content
            )
    return bytes(spoiled)


@pytest.mark.django_db
def test_a_thousand_damaged_texts_are_read_or_refused_and_never_half_imported(pia: User) -> None:
    dice = random.Random(20261120)
    before = portfolio_digest()
    seeds = [SMALL.encode(), SMALL.encode("utf-16"), SMALL.replace(",", ";").encode("cp1252")]
    for _ in range(960):
        run = brought_in(damaged(dice.choice(seeds), dice), by=pia)
        if "refusal" in run.summary:
            assert run.summary["code"]
            assert run.summary["refusal"].endswith(".")
    assert portfolio_digest() == before
    assert ImportRun.objects.count() == 960


@pytest.mark.django_db
def test_damaged_workbooks_are_read_or_refused(pia: User) -> None:
    dice = random.Random(4)
    before = portfolio_digest()
    for _ in range(40):
        started = time.monotonic()
        run = brought_in(damaged(PLAIN, dice), "portfolio.xlsx", by=pia)
        assert "refusal" in run.summary or run.summary["rows"] >= 0
        assert time.monotonic() - started < 30
    assert portfolio_digest() == before
