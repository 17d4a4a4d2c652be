"""/projects/<code>/documents/…, /templates/…: writing documents and keeping their templates"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
