"""The signing key: made once on one's own machine, configured in a city, and what is said where there is none."""

from __future__ import annotations

import pytest

from governance import sealing


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


def test_a_key_is_made_on_first_use_kept_and_readable_by_its_owner_only(tmp_path) -> None:
    first = sealing.key_file()
    assert first is not None
    made = first.read_bytes()
    assert sealing.key_file().read_bytes() == made  # type: ignore[union-attr]
    assert first.stat().st_mode & 0o077 == 0
    assert [path.name for path in first.parent.iterdir()] == [sealing.OWN_KEY_NAME]
    assert sealing.key_note() is None


def test_production_without_a_key_says_so_and_makes_none(settings, tmp_path) -> None:
    settings.PRODUCTION = True
    assert sealing.key_file() is None
    assert "PMO_SIGNING_KEY_FILE" in (sealing.key_note() or "")
    assert list(tmp_path.iterdir()) == []


def test_the_citys_key_is_opened_with_its_password_only(settings, tmp_path) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    key, certificate, _ = pkcs12.load_key_and_certificates(sealing._new_key(), None)
    path = tmp_path / "city.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"city", key, certificate, None, BestAvailableEncryption(b"s3cret")))  # type: ignore[arg-type]
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSWORD, settings.PRODUCTION = str(path), "s3cret", True
    assert sealing.key_note() is None
    settings.SIGNING_KEY_PASSWORD = "wrong"
    assert "city.p12" in (sealing.key_note() or "")
    settings.SIGNING_KEY_FILE = str(tmp_path / "absent.p12")
    assert "cannot be read" in (sealing.key_note() or "")


def test_what_is_no_pdf_carries_no_seal() -> None:
    for file in (b"", b"%PDF-1.7 broken", b"GIF89a"):
        assert sealing.read_seal(file) is None
