"""/administration/: accounts and roles, and the way to everything else that the office keeps."""

from django.urls import path

from pmo.views.administration.accounts import (
    PersonDeactivateView,
    PersonEditView,
    PersonNewView,
    PersonReactivateView,
    PersonResetFactorView,
    person_send_link,
)
from pmo.views.administration.index import administration
from pmo.views.administration.people import PersonListView, person_detail
from pmo.views.administration.roles import (
    RoleDeclineView,
    RoleGiveView,
    RoleTakeView,
    role_change_list,
    role_confirm,
    role_withdraw,
)

urlpatterns = [
    path("", administration, name="administration"),
    # /administration/people/ accounts
    path("people/", PersonListView.as_view(), name="person-list"),
    path("people.csv", PersonListView.as_view(export="csv"), name="person-list-csv"),
    path("people.xlsx", PersonListView.as_view(export="xlsx"), name="person-list-xlsx"),
    path("people/new/", PersonNewView.as_view(), name="person-new"),
    path("people/<int:pk>/", person_detail, name="person-detail"),
    path("people/<int:pk>/edit/", PersonEditView.as_view(), name="person-edit"),
    path("people/<int:pk>/deactivate/", PersonDeactivateView.as_view(), name="person-deactivate"),
    path("people/<int:pk>/reactivate/", PersonReactivateView.as_view(), name="person-reactivate"),
    path("people/<int:pk>/reset-second-factor/", PersonResetFactorView.as_view(), name="person-reset-factor"),
    path("people/<int:pk>/send-link/", person_send_link, name="person-send-link"),
    # /administration/people/<pk>/roles/ giving and taking; /administration/roles/ what two persons decide
    path("people/<int:pk>/roles/give/", RoleGiveView.as_view(), name="role-give"),
    path("people/<int:pk>/roles/<slug:role>/take/", RoleTakeView.as_view(), name="role-take"),
    path("roles/", role_change_list, name="role-change-list"),
    path("roles/<int:pk>/confirm/", role_confirm, name="role-confirm"),
    path("roles/<int:pk>/decline/", RoleDeclineView.as_view(), name="role-decline"),
    path("roles/<int:pk>/withdraw/", role_withdraw, name="role-withdraw"),
]
