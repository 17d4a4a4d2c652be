"""/performance/…: how the office itself does"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
