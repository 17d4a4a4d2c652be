"""Keep as rows the baselines that projects have: the original, those that change requests opened, and the one in force."""

import datetime as dt
import json
from decimal import Decimal

from django.db import migrations


def keep_baselines(apps, schema_editor):
    project_model = apps.get_model("portfolio", "Project")
    for project in project_model.objects.filter(baselines=None).iterator():
        if project.baseline_finish_on is None and project.budget_amount is None:
            continue
        opened = {}
        for change in apps.get_model("governance", "ChangeRequest").objects.filter(
            project=project, new_baseline_number__isnull=False
        ):
            opened[change.new_baseline_number] = change
        if not project.baseline_number and project.original_finish_on not in (None, project.baseline_finish_on):
            # Agreed anew before it came here, so what is in force is at least the first after the original.
            project_model.objects.filter(pk=project.pk).update(baseline_number=1)
            project.baseline_number = 1
        _keep(apps, project, opened)


def _keep(apps, project, opened):
    milestones = list(apps.get_model("portfolio", "Milestone").objects.filter(project=project))
    last = project.baseline_number
    _row(apps, project, 0, _first(project, opened), milestones, "original_on")
    for number in sorted(number for number in opened if 0 < number < last):
        change = opened[number]
        figures = {"finish_on": change.new_finish_on, "budget_amount": change.new_budget_amount}
        _row(apps, project, number, {**_by(change, project), **figures, "start_on": project.start_on}, [], "")
    if last:
        origin = _by(opened[last], project) if last in opened else {"origin": "import", "agreed_at": _dated(project)}
        _row(apps, project, last, {**_current(project), **origin}, milestones, "baseline_on")


def _current(project):
    return {
        "start_on": project.start_on,
        "finish_on": project.baseline_finish_on,
        "budget_amount": project.budget_amount,
        "contingency_amount": project.contingency_amount,
    }


def _first(project, opened):
    origin = {"origin": "import" if project.source else "start", "agreed_at": project.created_at}
    if not project.baseline_number:
        return {**_current(project), **origin}
    budget = None
    if 1 in opened and opened[1].record:
        was = _plain(json.loads(opened[1].record).get("was", {}).get("budget"))
        budget = Decimal(was) if was is not None else None
    return {"start_on": project.start_on, "finish_on": project.original_finish_on, "budget_amount": budget, **origin}


def _plain(value):
    """Return an amount of a record as its digits, whichever way it is written there."""
    return next(iter(value.values())) if isinstance(value, dict) else value


def _by(change, project):
    said = f"CR-{project.code}-{change.number:02d}: {change.root_cause}"
    return {"origin": "change", "reason": said, "agreed_at": change.decided_at, "agreed_by_id": change.decided_by_id}


def _dated(project):
    if project.rebaselined_on is None:
        return project.created_at
    return dt.datetime.combine(project.rebaselined_on, dt.time(12), dt.UTC)


def _row(apps, project, number, values, milestones, field):
    has_amount = any(values.get(name) is not None for name in ("budget_amount", "contingency_amount"))
    units = {"currency": project.currency, "amount_unit": project.amount_unit} if has_amount else {}
    row = apps.get_model("portfolio", "Baseline").objects.create(project=project, number=number, **units, **values)
    date_model = apps.get_model("portfolio", "BaselineDate")
    dates = [
        date_model(
            baseline=row,
            milestone_number=one.number,
            name=one.name,
            is_key=one.is_key,
            on=getattr(one, field),
        )
        for one in milestones
        if getattr(one, field)
    ]
    date_model.objects.bulk_create(dates)


def drop_baselines(apps, schema_editor):
    """Take the rows away; projects and change requests say themselves what they said before."""
    apps.get_model("portfolio", "BaselineDate").objects.all().delete()
    apps.get_model("portfolio", "Baseline").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0130_changes_by_baselines"),
        ("portfolio", "0003_baselines_never_altered"),
    ]

    operations = [migrations.RunPython(keep_baselines, drop_baselines)]
