"""Every URL of the product starts here. Grouped by app; each prefix is named in a comment."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # /accounts/ sign-in, password, second factor, sessions
    path("accounts/", include("allauth.urls")),
    # /projects/… /programs/… working pages of the portfolio
    path("", include("portfolio.urls")),
    # /projects/<code>/reports/… /reviews/… /challenges/… /verify/… /rules/…
    path("", include("governance.urls")),
]
