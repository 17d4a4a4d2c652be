from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "staffing"
    verbose_name = "Staffing"
    default_auto_field = "django.db.models.BigAutoField"
