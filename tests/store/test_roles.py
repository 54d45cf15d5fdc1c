"""The doctor's look at roles: without which people a program stands still."""

from functools import partial

from lifecycle.appointing import appoint
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.roles import RoleChange
from states.vocabulary import Role
from store.checks import Check, checks
from tests.conftest import Staging
from tests.stage import Stage


def appoint_as(change: RoleChange, unit: Unit, order: Order) -> Receipt:
    """Carry out a change of roles."""
    return appoint(unit, order, change)


def looked(stage: Stage) -> list[Check]:
    """Return what is found of the roles."""
    return [check for check in checks(stage.url, deep=False) if check.name == "roles"]


def test_sandbox_without_a_grant_is_a_note(stage: Stage) -> None:
    """Everybody has every role there."""
    (found,) = looked(stage)
    assert (found.status, "sandbox" in found.message) == ("note", True)


def test_each_role_that_nobody_holds_is_found_until_somebody_does(staged: Staging) -> None:
    """A new program has an admin, who grants the others; one decider alone adopts no policy."""
    stage = staged(sandbox=False)
    assert [check.status for check in looked(stage)] == ["finding"] * 3
    for name, role in (("anna", "staff"), ("dora", "decider"), ("cron", "scheduler")):
        change = RoleChange(name, Role(role), granted=True)
        stage.do(partial(appoint_as, change), actor="admin")
    assert [check.status for check in looked(stage)] == ["note", "ok"]
    erin = RoleChange("erin", Role.DECIDER, granted=True)
    stage.do(partial(appoint_as, erin), actor="admin")
    assert [check.status for check in looked(stage)] == ["ok"]
