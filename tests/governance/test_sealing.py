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


# The check of the city's key


def a_city_key(path, *, starts: int, ends: int, with_certificate: bool = True) -> str:
    """Write a key whose certificate counts from and to so many days from today."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "City of Port Ansel")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=starts))
        .not_valid_after(now + dt.timedelta(days=ends))
        .sign(key, hashes.SHA256())
    )
    held = certificate if with_certificate else None
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"city", key, held, None, NoEncryption()))
    return str(path)


def checked(settings, file: str, password: str = "") -> list[str]:
    from pmo.checks import the_citys_key_works

    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSWORD = file, password
    return [message.id for message in the_citys_key_works()]


def test_a_city_key_that_counts_passes_and_seals(settings, tmp_path) -> None:
    assert checked(settings, a_city_key(tmp_path / "city.p12", starts=-1, ends=300)) == []
    assert "City of Port Ansel" in sealing.signer_name()


@pytest.mark.parametrize(
    ("starts", "ends", "with_certificate", "found"),
    [(-300, -1, True, "pmo.E001"), (2, 300, True, "pmo.E001"), (-1, 300, False, "pmo.E001"), (-300, 10, True, "pmo.W002")],
    ids=["expired", "not yet", "no certificate", "soon over"],
)
def test_a_city_key_that_does_not_count_is_refused(settings, tmp_path, starts, ends, with_certificate, found) -> None:
    file = a_city_key(tmp_path / "city.p12", starts=starts, ends=ends, with_certificate=with_certificate)
    assert checked(settings, file) == [found]


def test_an_unreadable_key_is_refused(settings, tmp_path) -> None:
    (tmp_path / "city.p12").write_bytes(b"no key")
    assert checked(settings, str(tmp_path / "city.p12")) == ["pmo.E001"]
    assert checked(settings, str(tmp_path / "absent.p12")) == ["pmo.E001"]
    assert checked(settings, str(tmp_path)) == ["pmo.E001"]
    assert checked(settings, a_city_key(tmp_path / "open.p12", starts=-1, ends=300), "a password") == ["pmo.E001"]
    assert checked(settings, "") == []


def test_no_key_is_in_the_repository() -> None:
    from pathlib import Path

    root = Path(__file__).parents[2]
    ignored = (root / ".gitignore").read_text()
    assert "/var/" in ignored or "var/" in ignored
    kept = [*root.glob("*.p12"), *root.glob("*/*.p12"), *root.glob("*.pfx")]
    assert [path for path in kept if "var" not in path.parts] == []
