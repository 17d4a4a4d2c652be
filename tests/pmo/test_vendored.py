"""Files made elsewhere are the ones that VENDORED.toml names, unchanged, with their licence beside them."""

import hashlib
import tomllib
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
FILES = tomllib.loads((STATIC / "vendor" / "VENDORED.toml").read_text(encoding="utf-8"))["file"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_vendored_file_is_unchanged(entry: dict[str, str]) -> None:
    assert hashlib.sha256((STATIC / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_vendored_file_names_origin_version_and_licence(entry: dict[str, str]) -> None:
    assert entry["name"]
    assert entry["version"]
    assert entry["origin"].startswith("https://")
    assert (STATIC / entry["licence_file"]).is_file()


def test_every_font_and_vendored_file_is_listed() -> None:
    listed = {entry["path"] for entry in FILES} | {entry["licence_file"] for entry in FILES} | {"vendor/VENDORED.toml"}
    found = [path for folder in ("fonts", "vendor") for path in (STATIC / folder).rglob("*") if path.is_file()]
    shipped = {str(path.relative_to(STATIC)) for path in found}

    assert shipped == listed
