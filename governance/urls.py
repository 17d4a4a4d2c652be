"""URLs of governance. Each group stands under the prefix named above it; verbs come last."""

from django.urls import URLPattern, path

from governance import (
    change_urls,
    condition_urls,
    document_review_urls,
    document_urls,
    gate_urls,
    performance_urls,
    policy_urls,
)
from governance.views import (
    challenges,
    dashboard,
    delegations,
    imports,
    not_in,
    public,
    report_forms,
    reports,
    review_verbs,
    reviews,
    rules,
    verify,
)

app_name = "governance"

REPORT = "projects/<str:code>/reports/<int:number>/"
REVIEW = "reviews/<str:code>/<int:number>/v<int:version>/"

urlpatterns: list[URLPattern] = [
    # /projects/<code>/reports/… the Status room of a project: reading
    path("projects/<str:code>/reports/", reports.report_list, name="report-list"),
    path(REPORT, reports.report_detail, name="report-detail"),
    path(REPORT + "v<int:version>/", reports.report_version, name="report-version"),
    path(REPORT + "v<int:version>.pdf", reports.report_pdf, name="report-pdf"),
    path(REPORT + "v<int:version>-record.pdf", reports.report_record_pdf, name="report-record-pdf"),
    path(REPORT + "v<int:version>/why/<str:dimension>/", reports.report_why, name="report-why"),
    # /projects/<code>/reports/… writing
    path("projects/<str:code>/reports/new/", report_forms.report_new, name="report-new"),
    path(REPORT + "edit/", report_forms.report_edit, name="report-edit"),
    path(REPORT + "autosave/", report_forms.report_autosave, name="report-autosave"),
    path(REPORT + "conflict/", report_forms.report_conflict, name="report-conflict"),
    path(REPORT + "preview/", report_forms.report_preview, name="report-preview"),
    path(REPORT + "submit/", report_forms.report_submit, name="report-submit"),
    path(REPORT + "withdraw/", report_forms.report_withdraw, name="report-withdraw"),
    path(REPORT + "correct/", report_forms.report_correct, name="report-correct"),
    path(REPORT + "excuse/", report_forms.report_excuse, name="report-excuse"),
    path(REPORT + "v<int:version>/findings/<int:finding>/answer/", report_forms.finding_answer, name="finding-answer"),
    # /reviews/… the office's queue and the review page
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/not-in/", not_in.ReportsNotInView.as_view(), name="report-not-in"),
    path("reviews/not-in.csv", not_in.ReportsNotInView.as_view(export="csv"), name="report-not-in-csv"),
    path("reviews/not-in.xlsx", not_in.ReportsNotInView.as_view(export="xlsx"), name="report-not-in-xlsx"),
    path("reviews/accept-many/", review_verbs.review_accept_many, name="review-accept-many"),
    path(REVIEW, reviews.review_detail, name="review-detail"),
    path(REVIEW + "public/", reviews.review_public, name="review-public"),
    path(REVIEW + "notes/", review_verbs.review_notes, name="review-notes"),
    path(REVIEW + "accept/", review_verbs.review_accept, name="review-accept"),
    path(REVIEW + "return/", review_verbs.review_return, name="review-return"),
    path(REVIEW + "findings/new/", review_verbs.finding_new, name="finding-new"),
    path(REVIEW + "findings/<int:finding>/close/", review_verbs.finding_close, name="finding-close"),
    path(REVIEW + "findings/<int:finding>/reopen/", review_verbs.finding_reopen, name="finding-reopen"),
    # /challenges/… ratings in dispute
    path("challenges/", challenges.ChallengeListView.as_view(), name="challenge-list"),
    path("challenges.csv", challenges.ChallengeListView.as_view(export="csv"), name="challenge-list-csv"),
    path("challenges.xlsx", challenges.ChallengeListView.as_view(export="xlsx"), name="challenge-list-xlsx"),
    path("projects/<str:code>/challenges/<int:pk>/", challenges.challenge_detail, name="challenge-detail"),
    path("projects/<str:code>/challenges/<int:pk>/answer/", challenges.challenge_answer, name="challenge-answer"),
    path("projects/<str:code>/challenges/<int:pk>/rule/", challenges.challenge_rule, name="challenge-rule"),
    # /delegations/… deciding in another's name
    path("delegations/", delegations.delegation_list, name="delegation-list"),
    path("delegations/new/", delegations.delegation_new, name="delegation-new"),
    path("delegations/<int:pk>/revoke/", delegations.delegation_revoke, name="delegation-revoke"),
    # /rules/… the figures that the office sets
    path("rules/", rules.rules_detail, name="rules-detail"),
    path("rules/thresholds/edit/", rules.thresholds_edit, name="thresholds-edit"),
    path("rules/clocks/edit/", rules.clocks_edit, name="clocks-edit"),
    path("rules/holidays/", rules.holiday_list, name="holiday-list"),
    path("rules/holidays/<int:pk>/delete/", rules.holiday_delete, name="holiday-delete"),
    path("rules/checklist/", rules.checklist_edit, name="checklist-edit"),
    # /imports/… portfolios from other people's files: the wizard, its reports, the list of past imports
    path("imports/", imports.ImportListView.as_view(), name="import-list"),
    path("imports.csv", imports.ImportListView.as_view(export="csv"), name="import-list-csv"),
    path("imports.xlsx", imports.ImportListView.as_view(export="xlsx"), name="import-list-xlsx"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/<int:pk>/", imports.import_detail, name="import-detail"),
    path("imports/<int:pk>/file/", imports.import_file, name="import-file"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<int:pk>/preview/", imports.import_preview, name="import-preview"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import-discard"),
    path("imports/<int:pk>/findings.csv", imports.import_findings, {"export": "csv"}, name="import-findings-csv"),
    path("imports/<int:pk>/findings.xlsx", imports.import_findings, {"export": "xlsx"}, name="import-findings-xlsx"),
    path("imports/<int:pk>/projects.csv", imports.import_lines, {"export": "csv"}, name="import-lines-csv"),
    path("imports/<int:pk>/projects.xlsx", imports.import_lines, {"export": "xlsx"}, name="import-lines-xlsx"),
    # /verify/… what a digest or a PDF is
    path("verify/", verify.verify_form, name="verify"),
    path("verify/<str:digest>/", verify.verify_digest, name="verify-digest"),
    # /portfolio/… what is published: the stakeholders' dashboard and the public side of a project
    path("portfolio/", dashboard.dashboard, name="dashboard"),
    path("portfolio.csv", dashboard.dashboard_csv, name="dashboard-csv"),
    path("portfolio.xlsx", dashboard.dashboard_xlsx, name="dashboard-xlsx"),
    path("portfolio.json", dashboard.dashboard_json, name="dashboard-json"),
    path("portfolio.pdf", dashboard.dashboard_pdf, name="dashboard-pdf"),
    path("portfolio/changes/", dashboard.dashboard_changes, name="dashboard-changes"),
    path("portfolio/<str:code>/", public.public_project, name="public-project"),
    path("portfolio/<str:code>/reports/<int:number>/", public.public_report, name="public-report"),
    path("portfolio/<str:code>/reports/<int:number>.pdf", public.public_report_pdf, name="public-report-pdf"),
    path("portfolio/<str:code>/why/<str:dimension>/", public.public_why, name="public-why"),
    *document_urls.urlpatterns,
    *document_review_urls.urlpatterns,
    *condition_urls.urlpatterns,
    *gate_urls.urlpatterns,
    *change_urls.urlpatterns,
    *policy_urls.urlpatterns,
    *performance_urls.urlpatterns,
]
