"""Programs, projects and everything that is kept about a project by its people."""

from portfolio.models.classing import ClassScore
from portfolio.models.imports import ColumnMapping, ImportedStanding, ImportFinding, ImportRun
from portfolio.models.milestones import Milestone
from portfolio.models.projects import Department, Program, Project, ProjectMember
from portfolio.models.registers import Action, Decision, Dependency, Issue, Risk

__all__ = [
    "Action",
    "ClassScore",
    "ColumnMapping",
    "Decision",
    "Department",
    "Dependency",
    "ImportFinding",
    "ImportRun",
    "ImportedStanding",
    "Issue",
    "Milestone",
    "Program",
    "Project",
    "ProjectMember",
    "Risk",
]
