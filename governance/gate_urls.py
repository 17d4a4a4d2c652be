"""/gates/…, /projects/<code>/gates/…, /waivers/…, /rules/tailoring/, /rules/gates/…, /rules/gate-criteria/"""

from django.urls import URLPattern, path

from governance.views import gate_cycles, gate_imports, gate_lists, gate_rules, gates

ROOM = "projects/<str:code>/gates/"

urlpatterns: list[URLPattern] = [
    # /gates/… across the portfolio
    path("gates/", gate_lists.GateListView.as_view(), name="gate-list"),
    path("gates.csv", gate_lists.GateListView.as_view(export="csv"), name="gate-list-csv"),
    path("gates.xlsx", gate_lists.GateListView.as_view(export="xlsx"), name="gate-list-xlsx"),
    path("gates/months/", gate_lists.gate_months, name="gate-months"),
    path("gates/cycle-times/", gate_cycles.cycle_times_page, name="gate-cycle-times"),
    path("gates/cycle-times.csv", gate_cycles.cycle_times_page, {"export": "csv"}, name="gate-cycle-times-csv"),
    path("gates/cycle-times.xlsx", gate_cycles.cycle_times_page, {"export": "xlsx"}, name="gate-cycle-times-xlsx"),
    # /gates/import/… gate records of another house; their reports stand with those of all imports
    path("gates/import/", gate_imports.gate_import, name="gate-import"),
    path("gates/import/<int:pk>/", gate_imports.gate_import_preview, name="gate-import-preview"),
    path("gates/import/<int:pk>/apply/", gate_imports.gate_import_apply, name="gate-import-apply"),
    # /projects/<code>/gates/… the room of one project
    path(ROOM, gates.room, name="gate-room"),
    path(ROOM + "plan/", gates.GatePlanView.as_view(), name="gate-plan"),
    path(ROOM + "past/", gates.PastGateView.as_view(), name="gate-past"),
    path(ROOM + "<str:gate>/readiness/", gates.readiness, name="gate-readiness"),
    path(ROOM + "<int:number>/", gates.detail, name="gate-detail"),
    path(ROOM + "<int:number>.pdf", gates.pdf, name="gate-pdf"),
    path(ROOM + "<int:number>-record.pdf", gates.record_pdf, name="gate-record-pdf"),
    path(ROOM + "<int:number>/prepare/", gates.prepare, name="gate-prepare"),
    path(ROOM + "<int:number>/decide/", gates.decide, name="gate-decide"),
    path(ROOM + "<int:number>/move/", gates.GateMoveView.as_view(), name="gate-move"),
    path(ROOM + "<int:number>/call-off/", gates.GateCancelView.as_view(), name="gate-cancel"),
    # /waivers/…
    path("waivers/", gate_lists.WaiverListView.as_view(), name="waiver-list"),
    path("waivers.csv", gate_lists.WaiverListView.as_view(export="csv"), name="waiver-list-csv"),
    path("waivers.xlsx", gate_lists.WaiverListView.as_view(export="xlsx"), name="waiver-list-xlsx"),
    path("waivers/<int:pk>/revoke/", gate_lists.WaiverRevokeView.as_view(), name="waiver-revoke"),
    path("projects/<str:code>/waivers/new/", gate_lists.WaiverNewView.as_view(), name="waiver-new"),
    # /rules/… of the gates
    path("rules/tailoring/", gate_rules.tailoring_edit, name="tailoring-edit"),
    path("rules/gates/class-<int:number>/", gate_rules.class_gates_edit, name="class-gates-edit"),
    path("rules/gate-criteria/", gate_rules.criteria_edit, name="criteria-edit"),
]
