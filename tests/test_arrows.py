"""The house keeps its shape: arrows point one way, history is written in two places, pages hold no loose script or style."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
APPS = ["pmo", "portfolio", "staffing", "budgets", "governance"]  # each may point at itself and to its left
PYTHON = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
PAGES = sorted((ROOT / "templates").rglob("*.html"))

# Files that may write rows without a history row, each with its reason.
UNTRACKED_WRITES = {
    "governance/documents/editing.py": "who is writing just now is no change of a document; the history leaves it out",
    "governance/reports.py": "autosave claims a revision in one UPDATE; the save that follows writes the history row",
    "pmo/lib/transitions.py": "the one conditional UPDATE of a move; the verb's save writes the history row",
    "pmo/accounts.py": "the moment of signing in is no change of an account; the history leaves it out",
    "portfolio/models/imports.py": "drops the uploaded file of an old import; an import run keeps no history",
    "pmo/views/account.py": "theme, density and keys are left out of a person's history on purpose",
}


# Files that may hand out markup made of people's words, each with its reason.
CLEANED = {"pmo/lib/markdown.py": "what it returns was cleaned by nh3 in the line above; its tests try to break that"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_lines(path: Path):
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        yield number, line.split("  #")[0]


def hits(pattern: str | re.Pattern[str], paths: list[Path]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in code_lines(path)
        if wanted.search(line)
    ]


def own_app(model) -> str | None:
    return model._meta.app_label if model._meta.app_label in APPS else None


def wrong_arrows(models) -> list[str]:
    found = []
    for model in models:
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if target is None or own_app(model) is None or own_app(target) is None:
                continue
            if APPS.index(own_app(target)) > APPS.index(own_app(model)):
                found.append(f"{model.__name__}.{field.name} points up at {target.__name__}")
    return found


def test_foreign_keys_point_down_the_house():
    assert wrong_arrows(apps.get_models(include_auto_created=True)) == []


def test_the_office_points_at_no_business_object():
    pointing = {
        field.related_model._meta.app_label
        for model in apps.get_app_config("pmo").get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
    }
    assert pointing <= {"pmo", "auth", "contenttypes"}


def test_there_are_no_generic_foreign_keys():
    assert hits(r"GenericForeignKey", PYTHON) == []


def writes_past_history(path: Path) -> list[int]:
    """Return the lines that call QuerySet.update or bulk_*. A dictionary's or a set's update takes a positional argument."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        is_update = node.func.attr == "update" and not node.args and node.keywords
        if (is_update or node.func.attr in {"bulk_create", "bulk_update"}) and not is_untracked(start_of(node)):
            found.append(node.lineno)
    return found


def start_of(node: ast.expr) -> str:
    """Return the name that a chain of calls starts with: `Risk` for `Risk.objects.filter(…).update(…)`."""
    while not isinstance(node, ast.Name):
        inner = getattr(node, "func", None) or getattr(node, "value", None)
        if inner is None:
            return ""
        node = inner
    return node.id


def is_untracked(name: str) -> bool:
    """Say whether `name` is a model of ours that keeps no history, so that nothing can be written past it."""
    model = next((model for model in apps.get_models() if model.__name__ == name and own_app(model)), None)
    return model is not None and not hasattr(model, "history")


def test_rows_are_written_past_their_history_in_named_places_only():
    found = {relative(path): lines for path in PYTHON if (lines := writes_past_history(path))}
    assert set(found) == set(UNTRACKED_WRITES), f"use pmo.lib.history or pmo.lib.transitions, or name the reason: {found}"


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("text that skips escaping", r"\bmark_safe\(|\bSafeString\((?!\"\"\))|\bhtml_safe\b"),
        ("code or objects read from data", r"\bpickle\b|\bmarshal\b|\byaml\.load\b|(?<![\w.])(?:eval|exec)\("),
        ("SQL by hand", r"\bRawSQL\b|\.extra\(|\.raw\("),
        ("filters spread from a request", r"\*\*\s*request\.(?:GET|POST)"),
        ("an attribute named by a request", r"getattr\([^,]+,\s*request\."),
        (
            "signals between our own apps",
            r"@receiver\b|\.connect\((?:receiver|sender)|(?<!field\.)\b(?:pre|post)_(?:save|delete)\b|m2m_changed",
        ),
        ("a checksum that is no proof", r"hashlib\.(?:md5|sha1)\b"),
    ],
)
def test_the_code_has_none_of(what, pattern):
    paths = [path for path in PYTHON if what != "text that skips escaping" or relative(path) not in CLEANED]
    assert hits(pattern, paths) == [], what


def test_only_cleaned_text_skips_escaping():
    """A named exception that no longer uses its right is struck from the list; its one line is the cleaned one."""
    for name in CLEANED:
        assert [line.split(": ", 1)[1] for line in hits(r"\bmark_safe\(", [ROOT / name])] == ["return mark_safe(cleaned)"]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("text that skips escaping", r"\|\s*safe\b|\bautoescape off\b|\bsafeseq\b"),
        ("inline style", r"\sstyle\s*=|<style\b"),
        ("inline script", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>"),
        ("script in an attribute", r"\son[a-z]+\s*=\s*[\"']|href=[\"']javascript:"),
        ("addresses of other sites", r"(?:src|href|action)=[\"'](?:https?:)?//"),
    ],
)
def test_pages_have_none_of(what, pattern):
    assert hits(pattern, PAGES) == [], what


def test_layouts_and_components_say_what_they_take():
    silent = [
        relative(path)
        for path in PAGES
        if {"components", "layouts"} & set(path.parts) and "{% comment %}" not in path.read_text()
    ]
    assert silent == []


INCLUDE = re.compile(r'{%\s*include\s+"(components/[^"]+)"([^%]*)%}')


def test_components_see_only_what_they_are_given():
    """A component that builds links with `querystring` reads the request, and is the one exception."""
    reads_request = {path.relative_to(ROOT / "templates").as_posix() for path in PAGES if "{% querystring" in path.read_text()}
    open_includes = [
        f"{relative(path)}: {name}"
        for path in PAGES
        for name, given in INCLUDE.findall(path.read_text())
        if not given.rstrip().endswith("only") and name not in reads_request
    ]
    assert open_includes == []


def test_files_stay_readable():
    """A file of more than 400 lines holds more than one noun."""
    own = [*PYTHON, *sorted((ROOT / "static" / "css").rglob("*.css")), *sorted((ROOT / "static" / "js").rglob("*.js"))]
    assert [f"{relative(path)}: {n}" for path in own if (n := len(path.read_text().splitlines())) > 400] == []
