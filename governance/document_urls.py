"""/projects/<code>/documents/…, /templates/…: writing documents and keeping their templates"""

from django.urls import URLPattern, path

from governance.views import document_pdfs, document_templates, document_writing, documents

DOCUMENT = "projects/<str:code>/documents/<slug:kind>/"
SECTION = DOCUMENT + "sections/<slug:key>/"
TEMPLATE = "templates/<slug:kind>/v<int:version>/"

urlpatterns: list[URLPattern] = [
    # reading
    path("projects/<str:code>/deliverables/", documents.deliverable_list, name="deliverable-list"),
    path(DOCUMENT, documents.document_detail, name="document-detail"),
    path(DOCUMENT + "v<int:version>/", documents.document_version, name="document-version"),
    path(DOCUMENT + "v<int:version>.pdf", document_pdfs.document_pdf, name="document-pdf"),
    path(DOCUMENT + "v<int:version>-record.pdf", document_pdfs.document_record_pdf, name="document-record-pdf"),
    path(DOCUMENT + "v<int:version>-office.pdf", document_pdfs.document_office_pdf, name="document-office-pdf"),
    path("attachments/<str:public_id>/", documents.attachment_file, name="attachment-file"),
    # beginning, submitting, withdrawing
    path(DOCUMENT + "begin/", documents.document_begin, name="document-begin"),
    path(DOCUMENT + "about/", documents.document_about, name="document-about"),
    path(DOCUMENT + "submit/", documents.document_submit, name="document-submit"),
    path(DOCUMENT + "withdraw/", documents.document_withdraw, name="document-withdraw"),
    # writing, section by section
    path(DOCUMENT + "edit/", document_writing.document_edit, name="document-edit"),
    path(SECTION + "edit/", document_writing.section_edit, name="document-section-edit"),
    path(SECTION + "autosave/", document_writing.section_autosave, name="document-section-autosave"),
    path(SECTION + "preview/", document_writing.section_preview, name="document-section-preview"),
    path(SECTION + "merge/", document_writing.section_merge, name="document-section-merge"),
    path(SECTION + "attach/", document_writing.section_attach, name="document-section-attach"),
    path(SECTION + "files/<str:public_id>/remove/", document_writing.file_remove, name="document-file-remove"),
    # /templates/… the sections that documents have
    path("templates/", document_templates.template_list, name="template-list"),
    path("templates/<slug:kind>/begin/", document_templates.template_begin, name="template-begin"),
    path(TEMPLATE, document_templates.template_detail, name="template-detail"),
    path(TEMPLATE + "publish/", document_templates.template_publish, name="template-publish"),
    path(TEMPLATE + "discard/", document_templates.template_discard, name="template-discard"),
    path(TEMPLATE + "sections/new/", document_templates.section_new, name="template-section-new"),
    path(TEMPLATE + "sections/<slug:key>/edit/", document_templates.section_edit, name="template-section-edit"),
    path(TEMPLATE + "sections/<slug:key>/move/", document_templates.section_move, name="template-section-move"),
    path(TEMPLATE + "sections/<slug:key>/delete/", document_templates.section_delete, name="template-section-delete"),
]
