"""Every URL of the product starts here. Grouped by app; each prefix is named in a comment."""

from django.urls import URLPattern, URLResolver, include, path

from pmo.views.account import resend
from pmo.views.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    # /accounts/ sign-in, password, second factor, sessions
    path("accounts/", include("pmo.account_urls")),
    # What a form that could not be taken leaves behind, ready to send again
    path("resend/", resend, name="resend"),
    # For the machines that watch
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    # /projects/… /programs/… working pages of the portfolio
    path("", include("portfolio.urls")),
    # /projects/<code>/reports/… /reviews/… /challenges/… /verify/… /rules/…
    path("", include("governance.urls")),
]
