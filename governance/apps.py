from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what the apps below announce: the only place that does."""
        from governance.change_recount import follow_revision
        from governance.project_endings import follow_status
        from portfolio.signals import revised, status_changed

        status_changed.connect(follow_status, dispatch_uid="governance.follow_status")
        revised.connect(follow_revision, dispatch_uid="governance.follow_revision")
