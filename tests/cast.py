"""The same people in every test.

pia    PMO manager                      max   project manager of ALPHA      bea  project manager of BETA
tess   member of ALPHA                  sam   sponsor of ALPHA              gina executive
stella stakeholder                      fay   finance analyst               hugo HR liaison
audrey auditor                          adam  administrator                 olaf signed in, with no role and no project
"""

from __future__ import annotations

import pytest

from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_member, make_project, make_user


@pytest.fixture
def pia(db: None) -> User:
    return make_user("Pia Orlov", Role.PMO_MANAGER)


@pytest.fixture
def gina(db: None) -> User:
    return make_user("Gina Salcedo", Role.EXECUTIVE)


@pytest.fixture
def max(db: None) -> User:
    return make_user("Max Harrow")


@pytest.fixture
def bea(db: None) -> User:
    return make_user("Bea Lindqvist")


@pytest.fixture
def tess(db: None) -> User:
    return make_user("Tess Moreau")


@pytest.fixture
def sam(db: None) -> User:
    return make_user("Sam Okafor")


@pytest.fixture
def stella(db: None) -> User:
    return make_user("Stella Brandt", Role.STAKEHOLDER)


@pytest.fixture
def fay(db: None) -> User:
    return make_user("Fay Aldous", Role.FINANCE)


@pytest.fixture
def hugo(db: None) -> User:
    return make_user("Hugo Whitaker", Role.HR_LIAISON)


@pytest.fixture
def audrey(db: None) -> User:
    return make_user("Audrey Chen", Role.AUDITOR)


@pytest.fixture
def adam(db: None) -> User:
    return make_user("Adam Castell", Role.ADMINISTRATOR)


@pytest.fixture
def olaf(db: None) -> User:
    return make_user("Olaf Berg")


@pytest.fixture
def alpha(db: None, max: User, sam: User, tess: User) -> Project:
    project = make_project(code="P-1001", name="Alpha", project_manager=max, sponsor=sam, governance_class=3)
    make_member(project, tess, role="analyst")
    return project


@pytest.fixture
def beta(db: None, bea: User) -> Project:
    return make_project(code="P-1002", name="Beta", project_manager=bea, governance_class=2)
