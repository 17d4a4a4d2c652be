"""The words of gates, tailoring and waivers, and which phase each gate opens. Data only."""

from collections.abc import Mapping

from django.db.models import TextChoices

from governance.states import Kind
from portfolio.states import Phase


class Gate(TextChoices):
    G0 = "G0", "G0 Intake"
    G1 = "G1", "G1 Definition"
    G2 = "G2", "G2 Planning and baseline"
    G3 = "G3", "G3 Procurement"
    G4 = "G4", "G4 Go-live readiness"
    G5 = "G5", "G5 Closeout"
    G6 = "G6", "G6 Benefits review"


class GateState(TextChoices):
    PLANNED = "planned", "Planned"
    DECIDED = "decided", "Decided"
    CANCELLED = "cancelled", "Cancelled"


class GateDecision(TextChoices):
    GO = "go", "Go"
    CONDITIONAL = "conditional", "Go with conditions"
    HOLD = "hold", "Hold"
    STOP = "stop", "Stop"


GATE_MOVES: Mapping[GateState, frozenset[GateState]] = {
    GateState.PLANNED: frozenset({GateState.DECIDED, GateState.CANCELLED}),
    GateState.DECIDED: frozenset(),
    GateState.CANCELLED: frozenset(),
}

#: The phase that a Go leads to. G6 moves nothing: it looks back on a closed project.
OPENS: Mapping[Gate, Phase | None] = {
    Gate.G0: Phase.DEFINITION,
    Gate.G1: Phase.PLANNING,
    Gate.G2: Phase.BUILD,
    Gate.G3: Phase.BUILD,
    Gate.G4: Phase.ROLLOUT,
    Gate.G5: Phase.CLOSED,
    Gate.G6: None,
}


class Artefact(TextChoices):
    """What the tailoring matrix may ask of a project, by class."""

    DEFINITION = "definition", "Project definition document"
    EXECUTION_PLAN = "execution_plan", "Project execution plan"
    SCHEDULE = "schedule", "Schedule"
    BUDGET = "budget", "Project budget"
    RESOURCE_PLAN = "resource_plan", "Resource plan"
    STATUS_REPORT = "status_report", "Weekly status reports"
    EARNED_VALUE = "earned_value", "Earned value"
    INDEPENDENT = "independent", "Independent review"


class Requirement(TextChoices):
    MANDATORY = "mandatory", "Mandatory"
    LITE = "lite", "Mandatory, short form"
    OPTIONAL = "optional", "Optional"
    NONE = "none", "Not required"


#: The kind of deliverable behind each artefact; earned value and independent reviews are no deliverables here.
KIND_OF: Mapping[Artefact, Kind] = {artefact: Kind(artefact.value) for artefact in Artefact if artefact.value in Kind.values}


class ComplianceRule(TextChoices):
    """What a compliance finding says was not kept."""

    CONDITION_OVERDUE = "condition_overdue", "A condition is overdue"
    WAIVER_EXPIRED = "waiver_expired", "A waiver has expired"
    GATE_LATE = "gate_late", "A gate was not held when planned"
    WORK_BEFORE_GATE = "work_before_gate", "Work went on before its gate"
    OTHER = "other", "Another rule"


GOES = (GateDecision.GO, GateDecision.CONDITIONAL)


def phase_opened(gate: Gate, phase: Phase, *, procures: bool) -> Phase:
    """Return the phase after a Go at `gate`; a project that is further already stays where it is."""
    opens = Phase.PROCUREMENT if gate == Gate.G2 and procures else OPENS[gate]
    order = list(Phase)
    return phase if opens is None or order.index(opens) <= order.index(phase) else opens
