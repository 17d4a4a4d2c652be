"""/changes/…, /projects/<code>/changes/…: change requests"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
