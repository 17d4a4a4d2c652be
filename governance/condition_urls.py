"""/conditions/…, /compliance/…: what must still be done, and what was not kept"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
