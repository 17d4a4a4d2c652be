"""Programs, projects and everything that is kept about a project by its people."""

from portfolio.models.baselines import Baseline, BaselineDate
from portfolio.models.classing import ClassScore
from portfolio.models.imports import ColumnMapping, ImportedStanding, ImportFinding, ImportLine, ImportRun
from portfolio.models.members import ProjectMember
from portfolio.models.milestones import Milestone
from portfolio.models.programs import Department, Program
from portfolio.models.projects import Project
from portfolio.models.registers import Action, Decision, Dependency, Issue, Risk

__all__ = [
    "Action",
    "Baseline",
    "BaselineDate",
    "ClassScore",
    "ColumnMapping",
    "Decision",
    "Department",
    "Dependency",
    "ImportFinding",
    "ImportLine",
    "ImportRun",
    "ImportedStanding",
    "Issue",
    "Milestone",
    "Program",
    "Project",
    "ProjectMember",
    "Risk",
]
