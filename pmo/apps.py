from django.apps import AppConfig


class PmoConfig(AppConfig):
    name = "pmo"
    verbose_name = "The office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pmo import checks  # noqa: F401 - registers them
