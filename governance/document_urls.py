"""/projects/<code>/documents/…, /templates/…: writing documents and keeping their templates"""

from django.urls import URLPattern, path

from governance.views import document_pdfs

VERSION = "projects/<str:code>/documents/<slug:kind>/v<int:version>"

urlpatterns: list[URLPattern] = [
    path(f"{VERSION}.pdf", document_pdfs.document_pdf, name="document-pdf"),
    path(f"{VERSION}-record.pdf", document_pdfs.document_record_pdf, name="document-record-pdf"),
]
