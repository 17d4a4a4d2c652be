"""The addresses of the portfolio, grouped by what they show; the comment above each group names its prefix."""

from django.urls import URLPattern, path

from portfolio.views import actions, decisions, dependencies, issues, members, milestones, programs, projects, risks
from portfolio.views.classing import ProjectClassView
from portfolio.views.imported import imported_list
from portfolio.views.project_history import project_history
from portfolio.views.project_lists import ProjectListView

app_name = "portfolio"

urlpatterns: list[URLPattern] = [
    # /projects/ the working list, its exports, and one action on many
    path("projects/", ProjectListView.as_view(), name="project-list"),
    path("projects.csv", ProjectListView.as_view(export="csv"), name="project-list-csv"),
    path("projects.xlsx", ProjectListView.as_view(export="xlsx"), name="project-list-xlsx"),
    path("projects/new/", projects.ProjectNewView.as_view(), name="project-new"),
    path("projects/bulk/", projects.project_bulk, name="project-bulk"),
    # /projects/<code>/ the record itself and its verbs
    path("projects/<str:code>/edit/", projects.ProjectEditView.as_view(), name="project-edit"),
    path("projects/<str:code>/hold/", projects.ProjectHoldView.as_view(), name="project-hold"),
    path("projects/<str:code>/cancel/", projects.ProjectCancelView.as_view(), name="project-cancel"),
    path("projects/<str:code>/reactivate/", projects.ProjectReactivateView.as_view(), name="project-reactivate"),
    path("projects/<str:code>/phase/", projects.ProjectPhaseView.as_view(), name="project-phase"),
    path("projects/<str:code>/class/", ProjectClassView.as_view(), name="project-class"),
    path("projects/<str:code>/history/", project_history, name="project-history"),
    # /projects/<code>/imported/ what a source said, date by date
    path("projects/<str:code>/imported/", imported_list, name="imported-list"),
    path("projects/<str:code>/imported.csv", imported_list, {"export": "csv"}, name="imported-list-csv"),
    path("projects/<str:code>/imported.xlsx", imported_list, {"export": "xlsx"}, name="imported-list-xlsx"),
    # /projects/<code>/people/ who answers for it, and the team
    path("projects/<str:code>/people/", members.member_list, name="member-list"),
    path("projects/<str:code>/people/new/", members.MemberNewView.as_view(), name="member-new"),
    path("projects/<str:code>/people/<int:pk>/edit/", members.MemberEditView.as_view(), name="member-edit"),
    path("projects/<str:code>/people/<int:pk>/remove/", members.member_remove, name="member-remove"),
    # /projects/<code>/milestones/
    path("projects/<str:code>/milestones/", milestones.milestone_list, name="milestone-list"),
    path("projects/<str:code>/milestones/new/", milestones.MilestoneNewView.as_view(), name="milestone-new"),
    path("projects/<str:code>/milestones/<int:number>/edit/", milestones.MilestoneEditView.as_view(), name="milestone-edit"),
    path("projects/<str:code>/milestones/<int:number>/done/", milestones.MilestoneReachView.as_view(), name="milestone-done"),
    path(
        "projects/<str:code>/milestones/<int:number>/reopen/", milestones.MilestoneReopenView.as_view(), name="milestone-reopen"
    ),
    path(
        "projects/<str:code>/milestones/<int:number>/remove/", milestones.MilestoneRemoveView.as_view(), name="milestone-remove"
    ),
    path("projects/<str:code>/milestones/<int:number>/show/", milestones.milestone_show, name="milestone-show"),
    # /programs/ and /departments/
    path("programs/", programs.program_list, name="program-list"),
    path("programs/new/", programs.ProgramNewView.as_view(), name="program-new"),
    path("programs/<str:code>/", programs.program_detail, name="program-detail"),
    path("programs/<str:code>/edit/", programs.ProgramEditView.as_view(), name="program-edit"),
    path("departments/", programs.DepartmentListView.as_view(), name="department-list"),
    path("departments/<int:pk>/edit/", programs.DepartmentEditView.as_view(), name="department-edit"),
    # /risks/ across the portfolio; /projects/<code>/risks/ of one project
    path("risks/", risks.RiskListView.as_view(), name="risk-list"),
    path("risks.csv", risks.RiskListView.as_view(export="csv"), name="risk-list-csv"),
    path("risks.xlsx", risks.RiskListView.as_view(export="xlsx"), name="risk-list-xlsx"),
    path("projects/<str:code>/risks/", risks.ProjectRiskListView.as_view(), name="project-risk-list"),
    path("projects/<str:code>/risks.csv", risks.ProjectRiskListView.as_view(export="csv"), name="project-risk-list-csv"),
    path("projects/<str:code>/risks.xlsx", risks.ProjectRiskListView.as_view(export="xlsx"), name="project-risk-list-xlsx"),
    path("projects/<str:code>/risks/new/", risks.RiskNewView.as_view(), name="risk-new"),
    path("projects/<str:code>/risks/<int:number>/", risks.RiskDetailView.as_view(), name="risk-detail"),
    path("projects/<str:code>/risks/<int:number>/edit/", risks.RiskEditView.as_view(), name="risk-edit"),
    path("projects/<str:code>/risks/<int:number>/close/", risks.RiskCloseView.as_view(), name="risk-close"),
    path("projects/<str:code>/risks/<int:number>/happened/", risks.RiskHappenedView.as_view(), name="risk-happened"),
    path("projects/<str:code>/risks/<int:number>/reopen/", risks.RiskReopenView.as_view(), name="risk-reopen"),
    path("projects/<str:code>/risks/<int:number>/show/", risks.risk_show, name="risk-show"),
    # /issues/ across the portfolio; /projects/<code>/issues/ of one project
    path("issues/", issues.IssueListView.as_view(), name="issue-list"),
    path("issues.csv", issues.IssueListView.as_view(export="csv"), name="issue-list-csv"),
    path("issues.xlsx", issues.IssueListView.as_view(export="xlsx"), name="issue-list-xlsx"),
    path("projects/<str:code>/issues/", issues.ProjectIssueListView.as_view(), name="project-issue-list"),
    path("projects/<str:code>/issues.csv", issues.ProjectIssueListView.as_view(export="csv"), name="project-issue-list-csv"),
    path("projects/<str:code>/issues.xlsx", issues.ProjectIssueListView.as_view(export="xlsx"), name="project-issue-list-xlsx"),
    path("projects/<str:code>/issues/new/", issues.IssueNewView.as_view(), name="issue-new"),
    path("projects/<str:code>/issues/<int:number>/", issues.IssueDetailView.as_view(), name="issue-detail"),
    path("projects/<str:code>/issues/<int:number>/edit/", issues.IssueEditView.as_view(), name="issue-edit"),
    path("projects/<str:code>/issues/<int:number>/resolve/", issues.IssueResolveView.as_view(), name="issue-resolve"),
    path("projects/<str:code>/issues/<int:number>/reopen/", issues.IssueReopenView.as_view(), name="issue-reopen"),
    path("projects/<str:code>/issues/<int:number>/show/", issues.issue_show, name="issue-show"),
    # /decisions/ across the portfolio; /projects/<code>/decisions/ of one project
    path("decisions/", decisions.DecisionListView.as_view(), name="decision-list"),
    path("decisions.csv", decisions.DecisionListView.as_view(export="csv"), name="decision-list-csv"),
    path("decisions.xlsx", decisions.DecisionListView.as_view(export="xlsx"), name="decision-list-xlsx"),
    path("projects/<str:code>/decisions/", decisions.ProjectDecisionListView.as_view(), name="project-decision-list"),
    path(
        "projects/<str:code>/decisions.csv",
        decisions.ProjectDecisionListView.as_view(export="csv"),
        name="project-decision-list-csv",
    ),
    path(
        "projects/<str:code>/decisions.xlsx",
        decisions.ProjectDecisionListView.as_view(export="xlsx"),
        name="project-decision-list-xlsx",
    ),
    path("projects/<str:code>/decisions/new/", decisions.DecisionNewView.as_view(), name="decision-new"),
    path("projects/<str:code>/decisions/<int:number>/", decisions.DecisionDetailView.as_view(), name="decision-detail"),
    path("projects/<str:code>/decisions/<int:number>/edit/", decisions.DecisionEditView.as_view(), name="decision-edit"),
    path("projects/<str:code>/decisions/<int:number>/decide/", decisions.DecisionDecideView.as_view(), name="decision-decide"),
    path("projects/<str:code>/decisions/<int:number>/drop/", decisions.DecisionDropView.as_view(), name="decision-drop"),
    path("projects/<str:code>/decisions/<int:number>/reopen/", decisions.DecisionReopenView.as_view(), name="decision-reopen"),
    path("projects/<str:code>/decisions/<int:number>/show/", decisions.decision_show, name="decision-show"),
    # /actions/ across the portfolio; /projects/<code>/actions/ of one project
    path("actions/", actions.ActionListView.as_view(), name="action-list"),
    path("actions.csv", actions.ActionListView.as_view(export="csv"), name="action-list-csv"),
    path("actions.xlsx", actions.ActionListView.as_view(export="xlsx"), name="action-list-xlsx"),
    path("projects/<str:code>/actions/", actions.ProjectActionListView.as_view(), name="project-action-list"),
    path(
        "projects/<str:code>/actions.csv", actions.ProjectActionListView.as_view(export="csv"), name="project-action-list-csv"
    ),
    path(
        "projects/<str:code>/actions.xlsx",
        actions.ProjectActionListView.as_view(export="xlsx"),
        name="project-action-list-xlsx",
    ),
    path("projects/<str:code>/actions/new/", actions.ActionNewView.as_view(), name="action-new"),
    path("projects/<str:code>/actions/<int:number>/", actions.ActionDetailView.as_view(), name="action-detail"),
    path("projects/<str:code>/actions/<int:number>/edit/", actions.ActionEditView.as_view(), name="action-edit"),
    path("projects/<str:code>/actions/<int:number>/done/", actions.ActionDoneView.as_view(), name="action-done"),
    path("projects/<str:code>/actions/<int:number>/drop/", actions.ActionDropView.as_view(), name="action-drop"),
    path("projects/<str:code>/actions/<int:number>/reopen/", actions.ActionReopenView.as_view(), name="action-reopen"),
    path("projects/<str:code>/actions/<int:number>/show/", actions.action_show, name="action-show"),
    # /dependencies/ across the portfolio; /projects/<code>/dependencies/ of one project
    path("dependencies/", dependencies.DependencyListView.as_view(), name="dependency-list"),
    path("dependencies.csv", dependencies.DependencyListView.as_view(export="csv"), name="dependency-list-csv"),
    path("dependencies.xlsx", dependencies.DependencyListView.as_view(export="xlsx"), name="dependency-list-xlsx"),
    path("projects/<str:code>/dependencies/", dependencies.ProjectDependencyListView.as_view(), name="project-dependency-list"),
    path(
        "projects/<str:code>/dependencies.csv",
        dependencies.ProjectDependencyListView.as_view(export="csv"),
        name="project-dependency-list-csv",
    ),
    path(
        "projects/<str:code>/dependencies.xlsx",
        dependencies.ProjectDependencyListView.as_view(export="xlsx"),
        name="project-dependency-list-xlsx",
    ),
    path("projects/<str:code>/dependencies/new/", dependencies.DependencyNewView.as_view(), name="dependency-new"),
    path(
        "projects/<str:code>/dependencies/<int:number>/", dependencies.DependencyDetailView.as_view(), name="dependency-detail"
    ),
    path(
        "projects/<str:code>/dependencies/<int:number>/edit/", dependencies.DependencyEditView.as_view(), name="dependency-edit"
    ),
    path("projects/<str:code>/dependencies/<int:number>/met/", dependencies.DependencyMetView.as_view(), name="dependency-met"),
    path(
        "projects/<str:code>/dependencies/<int:number>/broken/",
        dependencies.DependencyBrokenView.as_view(),
        name="dependency-broken",
    ),
    path(
        "projects/<str:code>/dependencies/<int:number>/drop/", dependencies.DependencyDropView.as_view(), name="dependency-drop"
    ),
    path(
        "projects/<str:code>/dependencies/<int:number>/reopen/",
        dependencies.DependencyReopenView.as_view(),
        name="dependency-reopen",
    ),
    path("projects/<str:code>/dependencies/<int:number>/show/", dependencies.dependency_show, name="dependency-show"),
]
