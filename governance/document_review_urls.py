"""/reviews/documents/…, /routes/…: reviewing, deciding and sealing documents, and the routes they take"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
