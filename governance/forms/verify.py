from __future__ import annotations

import hashlib
from typing import Any, NoReturn

from django import forms

from governance.sealing import Seal, read_seal
from governance.verifying import LARGEST_PDF, digest_of_file, digits_of, signed_digest_in
from pmo.lib.errors import Refused
from pmo.lib.forms import StyledForm


class VerifyForm(StyledForm, forms.Form):
    """A digest, or the PDF that carries it."""

    digest = forms.CharField(
        label="Digest",
        required=False,
        max_length=120,
        help_text="From the footer of the PDF or its sign-off page; the first 16 digits will do.",
    )
    file = forms.FileField(label="Or the PDF itself", required=False, help_text="At most 10 MB. It is compared and not kept.")

    def clean_digest(self) -> str:
        text = self.cleaned_data["digest"].strip()
        return digits_of(text) if text else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned.get("file"):
            cleaned["digest"], cleaned["file_sha256"] = self._digests_of(cleaned["file"])
        elif not cleaned.get("digest"):
            raise Refused("Type a digest or choose a PDF.", "nothing_given")
        return cleaned

    def _digests_of(self, file: Any) -> tuple[str, str]:
        """Return the digest of the record that the file was built from, and that of its own bytes. Raises Refused."""
        if file.size > LARGEST_PDF:
            raise Refused("The file is larger than 10 MB; nothing that the office builds is.", "file_too_large")
        content = file.read()
        digest = digest_of_file(content)
        if digest is None:
            self._refuse(content)
        return str(digest), hashlib.sha256(content).hexdigest()

    def _refuse(self, content: bytes) -> NoReturn:
        """Say what a file is that is none of those kept; where it names a digest of ours, put that into the field."""
        seal, named = read_seal(content), signed_digest_in(content)
        if named:
            self.data = {**dict(self.data.items()), "digest": named[0]}
        if named and not named[1] and seal is None:
            raise Refused(
                "This is a print from before the decision, or it was altered: such prints are not kept, so it cannot be "
                "compared. It names the digest below; verify that to see what became of it.",
                "file_not_kept",
            )
        if named:
            raise Refused(
                "This file was altered: it is not, byte for byte, the PDF that the office built. "
                f"{seal_words(seal)} It names the digest below; verify that to see what the office holds.",
                "file_altered",
            )
        if seal is not None and not seal.is_intact:
            raise Refused(f"This file was altered. {seal_words(seal)}", "file_altered")
        if b"%PDF-" not in content[:1024]:
            raise Refused("This is not a PDF. Choose the file that the office gave out, or type its digest.", "not_a_pdf")
        if b"/Encrypt" in content:
            raise Refused(
                "This PDF is locked, and nothing that the office builds is. It was changed by another program; "
                "choose the file that the office gave out.",
                "file_locked",
            )
        raise Refused(
            "The office knows nothing of this file: it comes from elsewhere, or it is a print that is not kept, such as that "
            f"of the portfolio. {seal_words(seal)} If it shows a digest at its foot, type that.",
            "file_unknown",
        )


def seal_words(seal: Seal | None) -> str:
    """Return what a file's own signature says of it, in a sentence."""
    if seal is None:
        return "It carries no signature that can be read."
    if not seal.is_intact:
        return f"Its seal by {seal.signer} is broken: it was changed after it was sealed."
    whose = "the office’s key" if seal.is_ours else f"“{seal.signer}”, which is not the office’s key"
    return f"It was sealed with {whose}, and not altered since."
