"""/changes/…, /projects/<code>/changes/…: change requests; /rules/change-limits/: who decides on them"""

from django.urls import URLPattern, path

from governance.views import baselines, change_forms, change_verbs, changes

CHANGE = "projects/<str:code>/changes/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("changes/", changes.ChangeListView.as_view(), name="change-list"),
    path("changes.csv", changes.ChangeListView.as_view(export="csv"), name="change-list-csv"),
    path("changes.xlsx", changes.ChangeListView.as_view(export="xlsx"), name="change-list-xlsx"),
    path("projects/<str:code>/changes/", changes.ChangeRoomView.as_view(), name="change-room"),
    path("projects/<str:code>/changes.csv", changes.ChangeRoomView.as_view(export="csv"), name="change-room-csv"),
    path("projects/<str:code>/changes.xlsx", changes.ChangeRoomView.as_view(export="xlsx"), name="change-room-xlsx"),
    path("projects/<str:code>/changes/new/", change_forms.change_new, name="change-new"),
    path("projects/<str:code>/baseline/correct/", baselines.baseline_correct, name="baseline-correct"),
    path(CHANGE, changes.change_detail, name="change-detail"),
    path("projects/<str:code>/changes/<int:number>.pdf", changes.change_pdf, name="change-pdf"),
    path("projects/<str:code>/changes/<int:number>-record.pdf", changes.change_record_pdf, name="change-record-pdf"),
    path(CHANGE + "edit/", change_forms.change_edit, name="change-edit"),
    path(CHANGE + "submit/", change_verbs.change_submit, name="change-submit"),
    path(CHANGE + "agree/", change_verbs.change_agree, name="change-agree"),
    path(CHANGE + "assess/", change_verbs.change_assess, name="change-assess"),
    path(CHANGE + "approve/", change_verbs.change_approve, name="change-approve"),
    path(CHANGE + "reject/", change_verbs.change_reject, name="change-reject"),
    path(CHANGE + "defer/", change_verbs.change_defer, name="change-defer"),
    path(CHANGE + "resume/", change_verbs.change_resume, name="change-resume"),
    path(CHANGE + "withdraw/", change_verbs.change_withdraw, name="change-withdraw"),
    path("rules/change-limits/", change_forms.change_limits, name="change-limits"),
]
