"""/administration/: accounts and roles, and the way to everything else that the office keeps."""

from django.urls import path

from pmo.views.administration.index import administration
from pmo.views.administration.people import PersonListView, person_detail

urlpatterns = [
    path("", administration, name="administration"),
    # /administration/people/ accounts
    path("people/", PersonListView.as_view(), name="person-list"),
    path("people.csv", PersonListView.as_view(export="csv"), name="person-list-csv"),
    path("people.xlsx", PersonListView.as_view(export="xlsx"), name="person-list-xlsx"),
    path("people/<int:pk>/", person_detail, name="person-detail"),
]
