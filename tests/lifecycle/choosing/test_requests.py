"""Requests by year, and what became of them (R5, R10), on a real store."""

from datetime import date, timedelta

from lifecycle.choosing.requests import BY, Request, Tallies, is_request, requests
from lifecycle.dossiers import Part, dossiers
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement
from tests.stage import FIRST_DAY, Stage, policy_file

RECEIVED = date(2026, 6, 1)
FILM = {"kind": "sector", "code": "film", "until": date(2026, 9, 30)}
OF_FILM = complete_agreement(received=RECEIVED, sectors=("film", "games"), origin="city_staff")


def told(stage: Stage) -> list[Request]:
    """Return the requests of the stage's day."""
    parts = (Part.DOCUMENT, Part.LINES, Part.SCORINGS, Part.REASONS)
    with stage.store.reading() as reader:
        in_force = reader.policy(reader.policy_in_force(stage.day))
        walk = dossiers(reader, *parts, wanted=is_request)
        return list(requests(walk, in_force, reader.policy, stage.day))


def test_each_request_has_one_outcome_with_its_line_and_its_days(stage: Stage) -> None:
    """Accepted, declined with ground and reason, withdrawn, returned, still open with its age."""
    accepted, declined = stage.reach(State.NEGOTIATION, OF_FILM), stage.propose(OF_FILM)
    stage.on(FIRST_DAY + timedelta(days=10))
    stage.pull(declined, Trigger.SUBMIT)
    stage.pull(declined, Trigger.DECLINE, reason="It has no budget.")
    withdrawn, gone = stage.propose(OF_FILM), stage.along((Trigger.SUBMIT, Trigger.RETURN))
    stage.pull(withdrawn, Trigger.WITHDRAW)
    back = stage.along((Trigger.SUBMIT, Trigger.RETURN), OF_FILM)
    again = stage.along((Trigger.SUBMIT, Trigger.RETURN, Trigger.SUBMIT), OF_FILM)
    fresh = stage.propose(OF_FILM)
    dropped = stage.along((Trigger.SUBMIT, Trigger.ACCEPT, Trigger.WITHDRAW), OF_FILM)
    stage.voided(gone)
    stage.take_over()
    found = {one.dossier.ref: one for one in told(stage)}
    outcomes = {ref: one.outcome for ref, one in found.items()}
    assert outcomes == {
        accepted: "accepted",
        declined: "declined",
        withdrawn: "withdrawn",
        back: "returned",
        again: "open",
        fresh: "open",
        dropped: "accepted",
    }
    entry = found[declined].entry
    assert entry is not None
    assert (entry.ground, found[declined].reason) == ("needs_changed", "It has no budget.")
    waits = (FIRST_DAY - RECEIVED).days + 10
    assert (found[declined].days, found[declined].age) == (waits, None)
    assert (found[back].days, found[back].age) == (None, waits)
    assert (found[fresh].entry, found[fresh].reason, found[fresh].age) == (None, None, waits)


def test_decision_that_was_taken_back_leaves_the_request_open(stage: Stage) -> None:
    """What stands is what is told."""
    ref = stage.reach(State.NEGOTIATION)
    stage.taken_back(ref)
    (one,) = told(stage)
    assert (one.outcome, one.entry) == ("open", None)


def test_requests_are_counted_by_year_origin_type_market_and_sector(stage: Stage) -> None:
    """With the median and the longest time to a decision; several sectors count under each."""
    decided = stage.reach(State.NEGOTIATION, OF_FILM)
    stage.on(FIRST_DAY + timedelta(days=20))
    stage.reach(State.DECLINED, OF_FILM)
    stage.on(FIRST_DAY + timedelta(days=20))
    stage.reach(State.DECLINED)
    stage.propose(complete_agreement(origin=None, parties=(), received=date(2025, 12, 31)))
    found = told(stage)
    tallies = Tallies()
    for one in found:
        tallies.add(one)
    whole = tallies.whole
    first = (FIRST_DAY - RECEIVED).days
    assert (whole.received, whole.outcomes["declined"], whole.outcomes["open"]) == (4, 2, 1)
    assert (whole.median, whole.longest) == (first, first + 20)
    sizes = {by: {name: one.received for name, one in tallies.by(by).items()} for by in BY}
    assert sizes == {
        "year": {"2025": 1, "2026": 3},
        "origin": {"city_staff": 2, "global_city": 1, "not stated": 1},
        "type": {"partnership": 4},
        "market": {"CN": 3, "not stated": 1},
        "sector": {"film": 2, "games": 2, "not stated": 2},
    }
    waiting = tallies.by("year")["2025"]
    assert (waiting.median, waiting.longest) == (None, None)
    assert decided in {one.dossier.ref for one in found}


def test_priorities_are_those_of_the_day_of_the_decision(stage: Stage) -> None:
    """What is open is held against today's (R12)."""
    stage.adopt(policy_file({"priorities": [FILM]}))
    decided, waiting = stage.reach(State.NEGOTIATION, OF_FILM), stage.propose(OF_FILM)
    stage.adopt(policy_file({}))
    served = {
        one.dossier.ref: [priority.code for priority in one.serves]
        for one in told(stage.on(date(2026, 10, 1)))
    }
    assert served == {decided: ["film"], waiting: []}
