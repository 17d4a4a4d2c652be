"""/gates/…, /projects/<code>/gates/…, /waivers/…, /tailoring/…"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
