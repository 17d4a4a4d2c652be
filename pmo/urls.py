"""Every URL of the product starts here. Grouped by app; each prefix is named in a comment."""

from django.urls import URLPattern, URLResolver, include, path

from pmo.views.account import resend
from pmo.views.health import healthz, readyz
from pmo.views.home import home
from pmo.views.notifications import notification_list, notification_read, notification_read_all
from pmo.views.outbox import OutboxView, outbox_try_again
from pmo.views.project import project_overview
from pmo.views.saved_views import saved_view_delete, saved_view_edit, saved_view_list, saved_view_new
from pmo.views.search import search
from pmo.views.styleguide import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    # / what each person comes for
    path("", home, name="home"),
    # /accounts/ sign-in, password, second factor, sessions
    path("accounts/", include("pmo.account_urls")),
    # What a form that could not be taken leaves behind, ready to send again
    path("resend/", resend, name="resend"),
    # Every component in every state, and the key to the marks
    path("styleguide/", styleguide, name="styleguide"),
    # For the machines that watch
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    # /search/ over everything the person may see
    path("search/", search, name="search"),
    # /notifications/ what a person was told
    path("notifications/", notification_list, name="notification-list"),
    path("notifications/read/", notification_read_all, name="notification-read-all"),
    path("notifications/<int:pk>/read/", notification_read, name="notification-read"),
    # /saved-views/ views of lists that a person keeps
    path("saved-views/", saved_view_list, name="saved-view-list"),
    path("saved-views/new/", saved_view_new, name="saved-view-new"),
    path("saved-views/<int:pk>/edit/", saved_view_edit, name="saved-view-edit"),
    path("saved-views/<int:pk>/delete/", saved_view_delete, name="saved-view-delete"),
    # /administration/outbox/ what was mailed
    path("administration/outbox/", OutboxView.as_view(), name="outbox"),
    path("administration/outbox.csv", OutboxView.as_view(export="csv"), name="outbox-csv"),
    path("administration/outbox.xlsx", OutboxView.as_view(export="xlsx"), name="outbox-xlsx"),
    path("administration/outbox/try-again/", outbox_try_again, name="outbox-try-again"),
    # /administration/ accounts, roles, and the way to all that the office keeps
    path("administration/", include("pmo.administration_urls")),
    # /projects/… /programs/… working pages of the portfolio
    path("", include("portfolio.urls")),
    # /projects/<code>/reports/… /reviews/… /challenges/… /verify/… /rules/…
    path("", include("governance.urls")),
    # /projects/<code>/ the overview, composed of everything; after the longer addresses of the apps
    path("projects/<str:code>/", project_overview, name="project-overview"),
]
