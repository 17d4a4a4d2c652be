"""Who may open what: one row for each URL of the product. The access tests and the user guide read this table.

A row names the people who get through (`allow`) and those who see that the thing is there but may not do this (`forbid`, 403).
For everybody else signed in it does not exist (404); whoever is signed out is sent to the sign-in page, unless `public`.
The people are those of tests/cast.py; the project is ALPHA: max manages it, tess is on its team, sam sponsors it.
"""

from __future__ import annotations

from tests.access_rows import changes, conditions, document_reviews, documents, gates, performance, policies
from tests.access_rows.base import (
    EVERYONE,
    MANAGES,
    NOBODY,
    OFFICE,
    OPEN_TO_ALL,
    PAGE_FOR_ALL,
    PIA,
    READS_PUBLISHED,
    READS_PUBLISHED_ALPHA,
    SEES,
    SEES_REGISTERS,
    TEAM,
    Row,
    of_alpha,
    office_page,
)

#: What each area brings along.
AREAS = (documents, document_reviews, conditions, gates, changes, policies, performance)

ACCOUNT = {
    "account_login": OPEN_TO_ALL,
    "account_logout": PAGE_FOR_ALL,
    "account_inactive": OPEN_TO_ALL,
    "account_reset_password": OPEN_TO_ALL,
    "account_reset_password_done": OPEN_TO_ALL,
    "account_reset_password_from_key": OPEN_TO_ALL,
    "account_reset_password_from_key_done": OPEN_TO_ALL,
    "mfa_authenticate": OPEN_TO_ALL,
    "account_reauthenticate": PAGE_FOR_ALL,
    "account_change_password": PAGE_FOR_ALL,
    "account_set_password": PAGE_FOR_ALL,
    "account": PAGE_FOR_ALL,
    "preferences-set": Row(EVERYONE, method="POST"),
    "mfa_index": PAGE_FOR_ALL,
    "mfa_reauthenticate": PAGE_FOR_ALL,
    "mfa_activate_totp": PAGE_FOR_ALL,
    "mfa_generate_recovery_codes": PAGE_FOR_ALL,
    # Nobody in the tests has a second factor; without one these do not exist.
    "mfa_deactivate_totp": Row(NOBODY),
    "mfa_view_recovery_codes": Row(NOBODY),
    "mfa_download_recovery_codes": Row(NOBODY),
    "usersessions_list": PAGE_FOR_ALL,
}
#: Things that belong to one person: the test asks as olaf for what is pia's, and as pia for her own.
OWN = {
    "session-end": Row(PIA, method="POST"),
    "saved-view-edit": Row(PIA),
    "saved-view-delete": Row(PIA, method="POST"),
    "notification-read": Row(PIA, method="POST"),
}
FRAME = {
    "home": PAGE_FOR_ALL,
    "healthz": OPEN_TO_ALL,
    "readyz": OPEN_TO_ALL,
    "resend": PAGE_FOR_ALL,
    "styleguide": PAGE_FOR_ALL,
    "search": PAGE_FOR_ALL,
    "saved-view-list": PAGE_FOR_ALL,
    "saved-view-new": Row(EVERYONE, method="POST"),
    "notification-list": PAGE_FOR_ALL,
    "notification-read-all": Row(EVERYONE, method="POST"),
    # Off: the tests run without demo mode, where it does not exist for anybody, signed in or out.
    "demo-sign-in": Row(NOBODY, method="POST", public=True),
}
#: Accounts and roles are read by the office and administrators; administrators keep the accounts.
READS_ACCOUNTS = OFFICE | {"adam"}
ADMINISTRATION = {
    "administration": office_page(READS_ACCOUNTS),
    **{f"person-list{export}": office_page(READS_ACCOUNTS) for export in ("", "-csv", "-xlsx")},
    "person-detail": office_page(READS_ACCOUNTS),
    **{
        f"person-{page}": office_page(frozenset({"adam"}))
        for page in ("new", "edit", "deactivate", "reactivate", "reset-factor")
    },
    "person-send-link": office_page(frozenset({"adam"}), "POST"),
    **{f"outbox{export}": office_page(frozenset({"adam"})) for export in ("", "-csv", "-xlsx")},
    "outbox-try-again": office_page(frozenset({"adam"}), "POST"),
    "role-change-list": office_page(READS_ACCOUNTS),
    # Of fay, who is finance analyst: the PMO manager gives and takes the office's roles, an administrator all.
    "role-give": office_page(frozenset({"pia", "adam"})),
    "role-take": office_page(frozenset({"pia", "adam"})),
    # adam asked that olaf become auditor; an executive is the second person.
    "role-confirm": office_page(frozenset({"gina"}), "POST"),
    "role-decline": office_page(frozenset({"gina"})),
    "role-withdraw": office_page(frozenset({"adam"}), "POST"),
}
SEES_LIST = office_page(SEES)
PROJECTS = {
    "portfolio:project-list": SEES_LIST,
    "portfolio:project-list-csv": SEES_LIST,
    "portfolio:project-list-xlsx": SEES_LIST,
    "portfolio:project-new": office_page(PIA),
    "portfolio:project-bulk": office_page(PIA, "POST"),
    "project-overview": of_alpha(SEES),
    "portfolio:project-edit": of_alpha(MANAGES),
    "portfolio:project-hold": of_alpha(PIA),
    "portfolio:project-cancel": of_alpha(PIA),
    "portfolio:project-reactivate": of_alpha(PIA),
    "portfolio:project-phase": of_alpha(frozenset(["gina"])),
    "portfolio:project-class": of_alpha(SEES),
    "portfolio:project-history": of_alpha(frozenset(["pia", "gina", "max", "audrey"])),
    "portfolio:member-list": of_alpha(SEES),
    "portfolio:member-new": of_alpha(MANAGES),
    "portfolio:member-edit": of_alpha(MANAGES),
    "portfolio:member-remove": of_alpha(MANAGES, "POST"),
    "portfolio:milestone-list": of_alpha(SEES),
    "portfolio:milestone-new": of_alpha(MANAGES),
    "portfolio:milestone-edit": of_alpha(MANAGES),
    "portfolio:milestone-done": of_alpha(MANAGES),
    "portfolio:milestone-reopen": of_alpha(MANAGES),
    "portfolio:milestone-remove": of_alpha(MANAGES),
    "portfolio:milestone-show": of_alpha(MANAGES, "POST"),
    "portfolio:program-list": SEES_LIST,
    "portfolio:program-new": office_page(PIA),
    "portfolio:program-detail": SEES_LIST,
    "portfolio:program-edit": office_page(PIA),
    "portfolio:department-list": office_page(PIA),
    "portfolio:department-edit": office_page(PIA),
}
#: Register → the verbs that its entries have besides new, edit, detail and show.
REGISTERS = {
    "risk": ("close", "happened", "reopen"),
    "issue": ("resolve", "reopen"),
    "decision": ("decide", "drop", "reopen"),
    "action": ("done", "drop", "reopen"),
    "dependency": ("met", "broken", "drop", "reopen"),
}


def register_rows(noun: str, verbs: tuple[str, ...]) -> dict[str, Row]:
    every = {f"portfolio:{noun}-list{export}": office_page(SEES_REGISTERS | {"bea"}) for export in ("", "-csv", "-xlsx")}
    one = {f"portfolio:project-{noun}-list{export}": of_alpha(SEES_REGISTERS) for export in ("", "-csv", "-xlsx")}
    return {
        **every,
        **one,
        f"portfolio:{noun}-new": of_alpha(TEAM),
        f"portfolio:{noun}-detail": Row(SEES_REGISTERS),
        f"portfolio:{noun}-edit": Row(TEAM, SEES_REGISTERS - TEAM),
        f"portfolio:{noun}-show": Row(TEAM, SEES_REGISTERS - TEAM, "POST"),
        **{f"portfolio:{noun}-{verb}": Row(MANAGES, SEES_REGISTERS - MANAGES) for verb in verbs},
        # Who is on the team reports an action as done.
        **({"portfolio:action-done": Row(TEAM, SEES_REGISTERS - TEAM)} if noun == "action" else {}),
    }


#: Report 1 of ALPHA is accepted, report 2 waits for review, report 3 is a draft.
WRITES = MANAGES
READS_DRAFTS = frozenset(["pia", "gina", "max", "audrey"])
REPORTS = {
    "governance:report-list": of_alpha(SEES),
    "governance:report-detail": of_alpha(SEES),
    "governance:report-version": of_alpha(SEES),
    "governance:report-pdf": of_alpha(SEES),
    "governance:report-record-pdf": of_alpha(SEES),
    "governance:report-why": of_alpha(SEES),
    "governance:report-new": of_alpha(WRITES),
    "governance:report-edit": of_alpha(WRITES),
    "governance:report-autosave": of_alpha(WRITES, "POST"),
    "governance:report-conflict": of_alpha(WRITES),
    "governance:report-preview": of_alpha(WRITES),
    "governance:report-submit": of_alpha(WRITES, "POST"),
    "governance:report-withdraw": of_alpha(WRITES, "POST"),
    "governance:report-correct": of_alpha(WRITES, "POST"),
    "governance:report-excuse": of_alpha(PIA, "POST"),
    "governance:finding-answer": Row(WRITES, READS_DRAFTS - WRITES, "POST"),
}
#: A challenge of an accepted report is read by those with a part in the project too.
READS_CHALLENGE = READS_DRAFTS | {"tess", "sam"}
REVIEWS = {
    "governance:review-list": office_page(OFFICE),
    **{f"governance:report-not-in{export}": office_page(OFFICE) for export in ("", "-csv", "-xlsx")},
    "governance:review-accept-many": office_page(frozenset({"pia", "gina"}), "POST"),
    "governance:review-detail": Row(frozenset({"pia", "gina", "audrey"}), frozenset({"max"})),
    "governance:review-public": Row(frozenset({"pia", "gina", "audrey"}), frozenset({"max"})),
    "governance:review-notes": Row(PIA, READS_DRAFTS - PIA, "POST"),
    "governance:review-accept": Row(PIA, READS_DRAFTS - PIA, "POST"),
    "governance:review-return": Row(PIA, READS_DRAFTS - PIA, "POST"),
    "governance:finding-new": Row(PIA, READS_DRAFTS - PIA, "POST"),
    "governance:finding-close": Row(PIA, READS_DRAFTS - PIA, "POST"),
    "governance:finding-reopen": Row(PIA, READS_DRAFTS - PIA, "POST"),
    **{f"governance:challenge-list{export}": office_page(OFFICE | {"max", "bea"}) for export in ("", "-csv", "-xlsx")},
    "governance:challenge-detail": Row(READS_CHALLENGE),
    "governance:challenge-answer": Row(frozenset({"max"}), READS_CHALLENGE - {"max"}, "POST"),
    "governance:challenge-rule": Row(PIA, READS_CHALLENGE - PIA, "POST"),
    "governance:delegation-list": office_page(frozenset({"pia", "gina", "audrey", "bea"})),
    "governance:delegation-new": office_page(frozenset({"pia", "gina"})),
    # Its giver, or an executive.
    "governance:delegation-revoke": Row(frozenset({"pia", "gina"}), frozenset({"audrey", "bea"}), "POST"),
}
READS_RULES = OFFICE | {"max", "bea"}
RULES = {
    "governance:rules-detail": office_page(READS_RULES),
    "governance:thresholds-edit": office_page(PIA),
    "governance:clocks-edit": office_page(PIA),
    "governance:holiday-list": office_page(READS_RULES),
    "governance:holiday-delete": office_page(PIA, "POST"),
    "governance:checklist-edit": office_page(PIA),
}
PUBLISHED = {
    "governance:verify": PAGE_FOR_ALL,
    "governance:verify-digest": Row(READS_PUBLISHED_ALPHA),
    "governance:dashboard": office_page(READS_PUBLISHED),
    "governance:dashboard-csv": office_page(READS_PUBLISHED),
    "governance:dashboard-xlsx": office_page(READS_PUBLISHED),
    "governance:dashboard-json": office_page(READS_PUBLISHED),
    "governance:dashboard-pdf": office_page(READS_PUBLISHED),
    "governance:dashboard-changes": office_page(READS_PUBLISHED),
    "governance:public-project": Row(READS_PUBLISHED_ALPHA),
    "governance:public-report": Row(READS_PUBLISHED_ALPHA),
    "governance:public-report-pdf": Row(READS_PUBLISHED_ALPHA),
    "governance:public-why": Row(READS_PUBLISHED_ALPHA),
}
#: Bringing a portfolio in is the PMO manager's; what came in stands with the project.
READS_IMPORTS = frozenset({"pia", "audrey"})
IMPORTS = {
    **{f"governance:import-list{export}": office_page(READS_IMPORTS) for export in ("", "-csv", "-xlsx")},
    "governance:import-new": office_page(PIA),
    "governance:import-detail": Row(READS_IMPORTS),
    **{f"governance:import-{page}": Row(PIA, frozenset({"audrey"})) for page in ("columns", "preview", "file")},
    "governance:import-apply": Row(PIA, frozenset({"audrey"}), "POST"),
    "governance:import-discard": Row(PIA, frozenset({"audrey"}), "POST"),
    **{
        f"governance:import-{rows}-{export}": Row(READS_IMPORTS) for rows in ("findings", "lines") for export in ("csv", "xlsx")
    },
    **{f"portfolio:imported-list{export}": of_alpha(SEES) for export in ("", "-csv", "-xlsx")},
}
MATRIX: dict[str, Row] = {
    **ACCOUNT,
    **OWN,
    **FRAME,
    **ADMINISTRATION,
    **PROJECTS,
    **{name: row for noun, verbs in REGISTERS.items() for name, row in register_rows(noun, verbs).items()},
    **REPORTS,
    **REVIEWS,
    **IMPORTS,
    **RULES,
    **PUBLISHED,
    **{name: row for area in AREAS for name, row in area.ROWS.items()},
}
