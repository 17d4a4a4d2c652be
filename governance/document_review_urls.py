"""/reviews/documents/…, /routes/…: reviewing, deciding and sealing documents, and the routes they take"""

from django.urls import URLPattern, path

from governance.views import routes

urlpatterns: list[URLPattern] = [
    path("rules/routes/", routes.routes_edit, name="routes-edit"),
]
