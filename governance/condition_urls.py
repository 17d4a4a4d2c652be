"""/conditions/…, /compliance/…: what must still be done, and what was not kept"""

from django.urls import URLPattern, path

from governance.views import compliance, conditions

CONDITION = "projects/<str:code>/conditions/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("conditions/", conditions.ConditionListView.as_view(), name="condition-list"),
    path("conditions.csv", conditions.ConditionListView.as_view(export="csv"), name="condition-list-csv"),
    path("conditions.xlsx", conditions.ConditionListView.as_view(export="xlsx"), name="condition-list-xlsx"),
    path(CONDITION, conditions.condition_detail, name="condition-detail"),
    path(CONDITION + "evidence/", conditions.condition_evidence, name="condition-evidence"),
    path(CONDITION + "close/", conditions.condition_close, name="condition-close"),
    path(CONDITION + "refuse/", conditions.condition_refuse, name="condition-refuse"),
    path(CONDITION + "extend/", conditions.condition_extend, name="condition-extend"),
    path(CONDITION + "reassign/", conditions.condition_reassign, name="condition-reassign"),
    path("compliance/", compliance.ComplianceListView.as_view(), name="compliance-list"),
    path("compliance.csv", compliance.ComplianceListView.as_view(export="csv"), name="compliance-list-csv"),
    path("compliance.xlsx", compliance.ComplianceListView.as_view(export="xlsx"), name="compliance-list-xlsx"),
    path("compliance/<int:pk>/close/", compliance.compliance_close, name="compliance-close"),
]
