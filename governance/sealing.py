"""Sealing a PDF with a PAdES signature and looking at one: the only module that knows pyHanko.

The city's key is a PKCS #12 file by configuration. On one's own machine a key is made on first use and kept under `var/`;
in production without a key nothing is sealed, and the record copy says so.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version as version_of
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

logger = logging.getLogger(__name__)
#: The name of the signature's field in the file.
FIELD = "Seal"
MADE_FOR = dt.timedelta(days=3650)
OWN_KEY_NAME = "self-made.p12"


class KeyUnusable(RuntimeError):
    """The configured key cannot be read; the sentence says what to look at."""


@dataclass(frozen=True)
class Seal:
    """What a file's signature says: whose it is, and whether the file is still the one that was signed."""

    signer: str
    is_intact: bool
    """Not a byte of what was signed changed, and nothing was added after it."""
    is_ours: bool
    """It was made with the key that this installation signs with today."""
    signed_at: dt.datetime | None


def key_file() -> Path | None:
    """Return the file of the signing key, made now on one's own machine if need be; None in production without one."""
    if settings.SIGNING_KEY_FILE:
        return Path(settings.SIGNING_KEY_FILE)
    if settings.PRODUCTION:
        return None
    path = Path(settings.VAR_DIR) / "signing" / OWN_KEY_NAME
    if not path.exists():
        _make_key(path)
    return path


def can_seal() -> bool:
    return bool(settings.SIGNING_KEY_FILE) or not settings.PRODUCTION


def signer_name() -> str:
    """Return whom the certificate names, or an empty string without a key. Raises KeyUnusable."""
    found = _signer()
    return str(found.subject_name) if found else ""


def key_note() -> str | None:
    """Return why nothing is sealed, or None where the key works."""
    if not can_seal():
        return "no signing key: record copies are not sealed (set PMO_SIGNING_KEY_FILE)"
    try:
        _signer()
    except KeyUnusable as error:
        return str(error)
    return None


def made_with() -> str:
    return f"pyHanko {version_of('pyhanko')}"


def seal(file: bytes, *, reason: str) -> bytes:
    """Return `file` with a PAdES signature over all of it. Raises KeyUnusable where there is no usable key."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    signer = _signer()
    if signer is None:
        raise KeyUnusable("There is no signing key. Set PMO_SIGNING_KEY_FILE.")
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", location=settings.CITY_NAME
    )
    sealed: BytesIO = _apart(signers.sign_pdf, IncrementalPdfFileWriter(BytesIO(file)), about, signer=signer, output=BytesIO())
    return sealed.getvalue()


def _apart(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Do `work` in a thread of its own: pyHanko runs an event loop, and the thread of the caller may have one already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work, *given, **named).result()


def read_seal(file: bytes) -> Seal | None:
    """Return what the last signature of `file` says; None for a file without one, or one that cannot be read."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        found = PdfFileReader(BytesIO(file), strict=False).embedded_signatures
        return _look_at(found[-1]) if found else None
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        # A file from anywhere may be broken in any way; it then carries no signature that counts.
        logger.info("A signature could not be read: %s", type(error).__name__)
        return None


def _look_at(signature: Any) -> Seal:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    certificate = signature.signer_cert
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = _apart(validate_pdf_signature, signature, signer_validation_context=context)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Seal(
        signer=str(certificate.subject.native.get("common_name", certificate.subject.human_friendly)),
        is_intact=bool(status.intact and status.valid and whole),
        is_ours=_is_ours(certificate),
        signed_at=signature.self_reported_timestamp,
    )


def _is_ours(certificate: Any) -> bool:
    try:
        ours = _signer()
    except KeyUnusable:
        return False
    return ours is not None and ours.signing_cert is not None and ours.signing_cert.sha256 == certificate.sha256


def _signer() -> SimpleSigner | None:
    from pyhanko.sign.signers import SimpleSigner

    path = key_file()
    if path is None:
        return None
    password = settings.SIGNING_KEY_PASSWORD.encode() if settings.SIGNING_KEY_FILE and settings.SIGNING_KEY_PASSWORD else None
    try:
        found = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], password)
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"The signing key {path.name} cannot be read: {type(error).__name__}.") from error
    if found is None:
        raise KeyUnusable(f"The signing key {path.name} cannot be opened. Look at PMO_SIGNING_KEY_PASSWORD.")
    return found


def _make_key(path: Path) -> None:
    """Make a key with a certificate that nobody else vouches for. Of two who make one at once, the first counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{secrets.token_hex(8)}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_new_key())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was quicker; its key is the one that counts
    finally:
        draft.unlink()


def _new_key() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.CITY_NAME[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{settings.OFFICE_NAME} (self-made key)"[:64]),
        ]
    )
    uses = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + MADE_FOR)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **uses), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"plumbline", key, certificate, None, NoEncryption())
