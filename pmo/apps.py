from django.apps import AppConfig


class PmoConfig(AppConfig):
    name = "pmo"
    verbose_name = "The office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from pmo.accounts import remember_sign_in

        # Under Django's own id and before Django connects its own, which would write a history row for each sign-in.
        user_logged_in.connect(remember_sign_in, dispatch_uid="update_last_login")

        from pmo import checks  # noqa: F401 - registers them
