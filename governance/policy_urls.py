"""/policies/…, /standards/…, /guidance/…, /lessons/…"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
