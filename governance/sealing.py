"""Sealing a PDF with a PAdES signature and looking at one: the only module that knows pyHanko.

The city's key is a PKCS #12 file by configuration. On one's own machine a key is made on first use and kept under `var/`;
in production without a key nothing is sealed, and the record copy says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version as version_of
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from pmo.lib import words

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

logger = logging.getLogger(__name__)
#: The name of the signature's field in the file.
FIELD = "Seal"
MADE_FOR = dt.timedelta(days=3650)
OWN_KEY_NAME = "self-made.p12"
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_DIGESTS = {"sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}


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


def days_left(at: dt.datetime) -> int | None:
    """Return for how many days the city's certificate still counts; None where no key is configured or it cannot be used."""
    try:
        found = _signer() if settings.SIGNING_KEY_FILE else None
    except KeyUnusable:
        return None
    return (found.signing_cert.not_valid_after - at).days if found and found.signing_cert else None


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
    """Return what the last signature of `file` says; None for a file without one, or one that cannot be read.

    The file comes from anywhere, so it is not read as a PDF, which may be made to swell or to loop: the signature says itself
    which bytes it covers, and those are all that counts.
    """
    found = list(_BYTE_RANGE.finditer(file))
    if not found:
        return None
    start, length, after, rest = (int(number) for number in found[-1].groups())
    try:
        covers_all = start == 0 and length < after and after + rest == len(file)
        info, raw, is_plain = _content_of(file[start + length : after])
        return _look_at(info, raw, file[start : start + length] + file[after : after + rest], holds=covers_all and is_plain)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        # It may be broken in any way; it then carries no signature that counts.
        logger.info("A signature could not be read: %s", type(error).__name__)
        return None


def _content_of(gap: bytes) -> tuple[Any, bytes, bool]:
    """Return what stands in the gap that a signature does not cover, and whether that is the signature and nothing else."""
    from asn1crypto.cms import ContentInfo

    digits = gap[1:-1]
    raw = bytes.fromhex(digits.decode("ascii"))
    info = ContentInfo.load(raw)
    used = 2 * len(info.dump())
    is_plain = gap[:1] == b"<" and gap[-1:] == b">" and digits[:used].upper() in (digits[:used], digits[:used].swapcase())
    return info, raw[: used // 2], is_plain and not digits[used:].strip(b"0")


def _look_at(info: Any, raw: bytes, covered: bytes, *, holds: bool) -> Seal:
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info
    from pyhanko.sign.validation.generic_cms import extract_self_reported_ts, validate_sig_integrity

    content = info["content"]
    signer, certificate = extract_signer_info(content), extract_certificate_info(content).signer_cert
    digest = hashlib.new(_DIGESTS[signer["digest_algorithm"]["algorithm"].native], covered).digest()
    is_same, is_signed = validate_sig_integrity(signer, certificate, "data", digest)
    is_ours = _is_ours(certificate)
    return Seal(
        signer=str(certificate.subject.native.get("common_name", certificate.subject.human_friendly)),
        is_intact=bool(
            is_same and is_signed and holds and _names(signer, certificate) and (not is_ours or _is_plain(info, raw))
        ),
        is_ours=is_ours,
        signed_at=extract_self_reported_ts(signer),
    )


def _is_plain(info: Any, raw: bytes) -> bool:
    """Return whether a signature of ours holds what we write and nothing else: its frame is covered by no signature."""
    from asn1crypto.cms import ContentInfo, SignerIdentifier
    from pyhanko.sign.general import extract_certificate_info

    content = info["content"]
    signer, certificate = content["signer_infos"][0].copy(), extract_certificate_info(content).signer_cert
    named = {"issuer": certificate.issuer.copy(), "serial_number": certificate.serial_number}
    signer["version"], signer["sid"] = "v1", SignerIdentifier("issuer_and_serial_number", named)
    made = {
        "version": "v1",
        "digest_algorithms": [signer["digest_algorithm"].copy()],
        "encap_content_info": {"content_type": "data"},
        "certificates": [one.copy() for one in content["certificates"]],
        "signer_infos": [signer],
    }
    return bool(ContentInfo({"content_type": "signed_data", "content": made}).dump() == raw)


def _names(signer: Any, certificate: Any) -> bool:
    """Return whether the signature itself names this certificate; else another name could be put beside the same key."""
    from pyhanko.sign.general import check_ess_certid, find_unique_cms_attribute

    named = find_unique_cms_attribute(signer["signed_attrs"], "signing_certificate_v2")["certs"][0]
    return bool(check_ess_certid(certificate, named))


def _is_ours(certificate: Any) -> bool:
    try:
        ours = _opened()
    except KeyUnusable:
        return False
    return ours is not None and ours.signing_cert is not None and ours.signing_cert.sha256 == certificate.sha256


def _signer() -> SimpleSigner | None:
    """Return what signs today, or None without a key. Raises KeyUnusable, for a certificate that does not count today too."""
    found = _opened()
    if found is not None and found.signing_cert is not None:
        starts, ends = found.signing_cert.not_valid_before, found.signing_cert.not_valid_after
        if not starts <= dt.datetime.now(dt.UTC) <= ends:
            raise KeyUnusable(
                f"The certificate of the signing key counts from {words.day(starts)} to {words.day(ends)}, not today. "
                "Set PMO_SIGNING_KEY_FILE to a key with one that does."
            )
    return found


def _opened() -> SimpleSigner | None:
    """Return the key, whether its certificate counts today or not. Raises KeyUnusable."""
    from pyhanko.sign.signers import SimpleSigner

    path = key_file()
    if path is None:
        return None
    password = settings.SIGNING_KEY_PASSWORD.encode() if settings.SIGNING_KEY_FILE and settings.SIGNING_KEY_PASSWORD else None
    try:
        found = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], password)
    except AttributeError as error:  # this is how the library takes a key without a certificate
        raise KeyUnusable(f"The signing key {path.name} comes without its certificate. Put both into one file.") from error
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"The signing key {path.name} cannot be read: {_why(error)}.") from error
    if found is None:
        raise KeyUnusable(
            f"The signing key {path.name} cannot be opened: its password is another (PMO_SIGNING_KEY_PASSWORD), "
            "or it holds no key with its certificate."
        )
    return found


def _why(error: Exception) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is no PKCS #12 file"


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
