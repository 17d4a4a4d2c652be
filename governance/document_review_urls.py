"""/reviews/documents/…, /routes/…: reviewing, deciding and sealing documents, and the routes they take"""

from django.urls import URLPattern, path

from governance.views import document_decisions, document_findings, document_reviews, review_parts, review_sheets, routes

REVIEW = "reviews/documents/<str:code>/<slug:kind>/v<int:version>/"
FINDING = REVIEW + "findings/<int:finding>/"
PART = REVIEW + "parts/<int:part>/"

urlpatterns: list[URLPattern] = [
    # the review page, what is kept and said on it
    path(REVIEW, document_reviews.document_review, name="document-review"),
    path(REVIEW + "notes/", document_reviews.document_review_notes, name="document-review-notes"),
    path(REVIEW + "findings/new/", document_reviews.document_review_finding_new, name="document-review-finding-new"),
    path(FINDING + "close/", document_reviews.document_review_finding_close, name="document-review-finding-close"),
    path(FINDING + "reopen/", document_reviews.document_review_finding_reopen, name="document-review-finding-reopen"),
    # the four decisions
    path(REVIEW + "approve/", document_decisions.document_review_approve, name="document-review-approve"),
    path(REVIEW + "conditions/", document_decisions.document_review_conditions, name="document-review-conditions"),
    path(REVIEW + "return/", document_decisions.document_review_return, name="document-review-return"),
    path(REVIEW + "reject/", document_decisions.document_review_reject, name="document-review-reject"),
    # the author's side of the findings
    path(REVIEW + "findings/", document_findings.document_review_findings, name="document-review-findings"),
    path(FINDING + "answer/", document_findings.document_review_finding_answer, name="document-review-finding-answer"),
    # the review sheet
    path(REVIEW + "sheet.xlsx", review_sheets.document_review_sheet_xlsx, name="document-review-sheet-xlsx"),
    path(REVIEW + "sheet.pdf", review_sheets.document_review_sheet_pdf, name="document-review-sheet-pdf"),
    path(FINDING + "attach/", document_findings.document_review_finding_attach, name="document-review-finding-attach"),
    # the parts of a route
    path(PART, review_parts.document_review_part, name="document-review-part"),
    path(PART + "opinion/", review_parts.document_review_part_opinion, name="document-review-part-opinion"),
    path(PART + "reassign/", review_parts.document_review_part_reassign, name="document-review-part-reassign"),
    path(PART + "excuse/", review_parts.document_review_part_excuse, name="document-review-part-excuse"),
    path(PART + "remind/", review_parts.document_review_part_remind, name="document-review-part-remind"),
    path(REVIEW + "stop/", review_parts.document_review_stop, name="document-review-stop"),
    # the routes that documents take
    path("rules/routes/", routes.routes_edit, name="routes-edit"),
]
