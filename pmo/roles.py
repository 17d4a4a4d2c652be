"""The office's roles. A role is a Django group of the same name; relations (project manager of …) live in the data."""

from django.db.models import TextChoices


class Role(TextChoices):
    PMO_MANAGER = "PMO manager"
    EXECUTIVE = "Executive"
    FINANCE = "Finance analyst"
    HR_LIAISON = "HR liaison"
    AUDITOR = "Auditor"
    STAKEHOLDER = "Stakeholder"
    ADMINISTRATOR = "Administrator"
