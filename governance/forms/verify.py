from __future__ import annotations

import hashlib
from typing import Any

from django import forms

from governance.pdf_digest import marked_digest
from governance.sealing import Seal, read_seal
from governance.verifying import LARGEST_PDF, digest_of_file, digits_of
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
            seal = read_seal(content)
            self._refuse_altered(marked_digest(content), seal)
            raise Refused(
                "This file is not, byte for byte, a PDF that the office built: it was altered, or it comes from elsewhere. "
                f"{seal_words(seal)} Type the digest of its footer to see what the office holds.",
                "file_unknown",
            )
        return digest, hashlib.sha256(content).hexdigest()

    def _refuse_altered(self, marked: str, seal: Seal | None) -> None:
        """Say that a file which names one of our records is not as built, and put the digest into the field to look it up."""
        if not marked:
            return
        self.data = {**dict(self.data.items()), "digest": marked}
        raise Refused(
            "This file was altered: it is not, byte for byte, the PDF that the office built. "
            f"{seal_words(seal)} It names the digest below; verify that to see what the office holds.",
            "file_altered",
        )


def seal_words(seal: Seal | None) -> str:
    """Return what a file's own signature says of it, in a sentence."""
    if seal is None:
        return "It carries no signature that can be read."
    if not seal.is_intact:
        return f"Its seal by {seal.signer} is broken: it was altered after it was sealed."
    whose = "the office’s key" if seal.is_ours else f"“{seal.signer}”, which is not the office’s key"
    return f"It was sealed with {whose}, and not altered since."
