"""Names, roles, deeds, and the digest of what was agreed."""

from datetime import date

import pytest

from states.agreed import agreed_digest
from states.agreement import KEPT, Contact
from states.deeds import APPROVABLE, APPROVE, RECLASSIFY, VOID, WAIVE, pulling
from states.person import among, folded
from states.roles import Holding, RoleChange, changed, holding, holdings_of
from states.vocabulary import Role, Trigger
from tests.builders import complete_agreement

DAY, BEFORE = date(2026, 9, 10), date(2026, 9, 9)
AT = "2026-09-10T12:00:00.000000Z"
OLD = Holding("dora", Role.DECIDER, "2026-09-01T00:00:00.000000Z", DAY)


@pytest.mark.parametrize(
    "name",
    [
        "ANNA LEE",
        " anna  lee ",
        "anna\u00a0lee",
        "\uff41\uff4e\uff4e\uff41 lee",
        "an\u00adna lee",
        "anna\u200d lee",
        "anna\u2060 lee\ufe0f",
        "anna\u3164 lee",
    ],
)
def test_name_is_one_persons_however_it_is_written(name: str) -> None:
    """Case, width, spaces and what nobody sees make no second person."""
    assert folded(name) == "anna lee"
    assert among(name, ("ben", "Anna Lee"))


@pytest.mark.parametrize("name", ["anna", "anna leeb", "annalee", "\u00e4nna lee"])
def test_other_letters_are_another_person(name: str) -> None:
    """Two names that a reader tells apart are two."""
    assert not among(name, ("anna lee",))
    assert not among(name, ())


def test_accents_encoding_makes_no_second_person() -> None:
    """One letter with its accent, or a letter and an accent."""
    assert among("Jos\u00e9", ("Jose\u0301",))


def test_grant_of_what_is_still_held_moves_its_last_day_only() -> None:
    """The role is held since its first grant."""
    later = RoleChange("dora", Role.DECIDER, granted=True)
    assert changed((OLD,), later, AT, DAY) == (Holding("dora", Role.DECIDER, OLD.since),)


def test_grant_after_the_last_day_is_of_another_role() -> None:
    """Held since then."""
    later = RoleChange("dora", Role.DECIDER, granted=True)
    (new,) = changed((OLD,), later, AT, date(2026, 9, 11))
    assert (new.since, new.until) == (AT, None)


def test_revoking_takes_exactly_one_role_of_one_person() -> None:
    """The others stay."""
    others = (Holding("dora", Role.STAFF, AT), Holding("erin", Role.DECIDER, AT))
    gone = RoleChange("dora", Role.DECIDER, granted=False)
    assert changed((OLD, *others), gone, AT, DAY) == others
    assert changed(others, gone, AT, DAY) == others


def test_holdings_stand_in_order_of_names_and_roles() -> None:
    """So that the same roles are the same row, whoever was granted first."""
    holdings: tuple[Holding, ...] = ()
    for name, role in (("zoe", Role.STAFF), ("abe", Role.STAFF), ("abe", Role.DECIDER)):
        holdings = changed(holdings, RoleChange(name, role, granted=True), AT, DAY)
    assert [(one.name, one.role) for one in holdings] == [
        ("abe", Role.DECIDER),
        ("abe", Role.STAFF),
        ("zoe", Role.STAFF),
    ]


def test_role_is_held_on_its_last_day_and_not_after() -> None:
    """By exactly the name that it was granted to."""
    assert holding((OLD,), "dora", Role.DECIDER, DAY) is OLD
    assert list(holdings_of((OLD,), "dora", date(2026, 9, 11))) == []
    assert holding((OLD,), "Dora", Role.DECIDER, BEFORE) is None


def test_only_deciders_deeds_are_approved_and_a_waiver_is_not() -> None:
    """A waiver is given by the role that the policy names, and by nobody for it."""
    assert all(deed.decided for deed in APPROVABLE.values())
    assert (APPROVE.decided, WAIVE.decided) == (True, False)


def test_deed_that_brings_content_is_bound_to_it() -> None:
    """A step of the table brings none."""
    assert (VOID.bound, RECLASSIFY.bound, pulling(Trigger.SIGN).bound) == (True, True, False)


def test_system_and_people_pull_a_trigger_by_roles_of_their_own() -> None:
    """Activation is either's; expiry is no person's at all."""
    assert pulling(Trigger.ACTIVATE).by == (Role.STAFF,)
    assert pulling(Trigger.ACTIVATE, system=True).by == (Role.SCHEDULER,)
    assert pulling(Trigger.EXPIRE).by == ()


def test_agreed_digest_stays_as_long_as_only_kept_keys_change() -> None:
    """Whatever staff keep up."""
    kept = {"owner": "zoe", "division": "EDC", "aliases": ("CQ",), "review": DAY}
    kept["contacts"] = (Contact("partner", "Li Wei"),)
    assert kept.keys() == KEPT
    agreement = complete_agreement()
    assert agreed_digest(complete_agreement(**kept)) == agreed_digest(agreement)
    assert agreed_digest(complete_agreement(title="Another")) != agreed_digest(agreement)
