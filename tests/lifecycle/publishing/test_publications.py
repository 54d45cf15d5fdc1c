"""What was published where is noted by one use case, and by nothing else (R28)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lifecycle.errors import UnknownRefError
from lifecycle.publishing import recording
from states.agreement import Endorsement, Term
from states.problem import InvalidInputError
from states.records import LONGEST_URL, Record
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, Rule, State, Trigger
from tests.builders import (
    DORA,
    START,
    complete_agreement,
    complete_project,
)
from tests.conftest import Staging
from tests.erased import erase_text
from tests.forging import forged, guard, told
from tests.hands import publication
from tests.stage import NEXT_TERM, Stage, codes, policy_file, with_types


def published(stage: Stage, ref: Ref) -> list[Record]:
    """Return the publications of an agreement that count."""
    with stage.store.reading() as reader:
        return list(reader.publications_of([stage.standing(ref)])[ref.key])


def is_owed(stage: Stage, ref: Ref) -> bool:
    """Whether the nightly check watches for a publication."""
    with stage.store.reading() as reader:
        return Rule.UNPUBLISHED in {watch.rule for watch in reader.watches(ref.key)}


def test_publication_is_a_line_that_says_what_stood_where(city: Stage) -> None:
    """R28: the day, the page's address, the term and the digest; the version stays as it is."""
    ref = city.reach(State.SIGNED)
    version = city.standing(ref).version
    (receipt,) = city.publish(publication(ref), reason="The site of today.")
    assert (receipt.event, receipt.outcome, receipt.version) == (
        Event.PUBLISHED,
        Outcome.OK,
        version,
    )
    line = city.last(ref)
    assert (line.event, line.actor.id, line.role, line.to) == (
        Event.PUBLISHED,
        "anna",
        "staff",
        None,
    )
    (noted,) = published(city, ref)
    page = f"https://toronto.ca/agreements/{ref}.html"
    assert noted == Record("published", city.day, url=page, term=1, sha256="a" * 64)
    assert city.verify() == []


def test_same_publication_again_is_unchanged_and_other_content_is_a_line(city: Stage) -> None:
    """A site that is published each night fills no log."""
    ref = city.reach(State.SIGNED)
    changes: tuple[dict[str, Any], ...] = ({}, {"sha256": "b" * 64}, {"url": "http://to.ca/"})
    for change in changes:
        assert [city.publish(publication(ref, **change))[0].outcome for _ in range(2)] == [
            Outcome.OK,
            Outcome.UNCHANGED,
        ]
    assert city.publish(publication(ref))[0].outcome is Outcome.UNCHANGED
    assert len(published(city, ref)) == len(changes)


def test_many_are_noted_at_once_and_each_gets_a_receipt(city: Stage) -> None:
    """In the order of their references; one that is refused holds up no other."""
    signed, drafted, over = city.reach(State.SIGNED), city.propose(), city.reach(State.SUNSET)
    given = [publication(ref) for ref in (over, drafted, signed)]
    receipts = city.publish(*given)
    assert [(r.ref, r.outcome) for r in receipts] == [
        (str(signed), Outcome.OK),
        (str(drafted), Outcome.REFUSED),
        (str(over), Outcome.OK),
    ]
    assert codes(receipts[1]) == ["publication.unsigned"]
    assert city.last(drafted).event is Event.REFUSED
    assert city.publish() == ()
    assert city.verify() == []


def test_what_is_negotiated_anew_is_published_as_it_was_last_signed(city: Stage) -> None:
    """Of the next term there is nothing to publish before it is signed; then it is owed anew."""
    ref = city.along(NEXT_TERM)
    assert codes(city.publish(publication(ref, term=2))[0]) == ["publication.of_another_term"]
    assert city.publish(publication(ref))[0].outcome is Outcome.OK
    assert city.verify() == []


def test_voided_agreement_is_not_noted(city: Stage) -> None:
    """Nothing is done with it any more."""
    ref = city.reach(State.SIGNED)
    city.voided(ref)
    assert codes(city.publish(publication(ref))[0]) == ["agreement.void"]
    assert city.verify() == []


def test_who_is_no_staff_is_refused_once_for_them_all(city: Stage) -> None:
    """One line of the program's, however many were published."""
    refs = [city.reach(State.SIGNED) for _ in range(2)]
    for who in ("eve", DORA):
        (receipt,) = city.publish(*map(publication, refs), actor=who)
        assert codes(receipt) == ["role.missing"]
        assert (city.last(None).event, city.last(None).actor.id) == (Event.REFUSED, who)
    assert [published(city, ref) for ref in refs] == [[], []]
    assert city.verify() == []


def test_order_that_is_repeated_under_its_key_is_not_carried_out_again(city: Stage) -> None:
    """Each line has the key with its own reference."""
    refs = [city.reach(State.SIGNED) for _ in range(2)]
    first = city.publish(*map(publication, refs), key="today")
    again = city.publish(*(publication(ref, sha256="c" * 64) for ref in refs), key="today")
    assert [receipt.entry for receipt in again] == [receipt.entry for receipt in first]
    assert all(receipt.repeated for receipt in again)
    assert city.last(refs[0]).key == f"today/{refs[0]}"


NO_ADDRESSES = (
    "javascript:alert(1)",
    "file:///site/TOR-2026-001.html",
    "https://anna:secret@toronto.ca/",
    "https:///agreements",
    "https://toronto.ca/a b",
    "https://toronto.ca/a\nb",
    "https://toronto.ca/a\n",
    "https://toronto.ca/\u202eolleh",
    "https://québec.ca/",
    "https://toronto..ca/",
    "https://toronto-.ca-/",
    "https://toronto.ca/a/../b",
    "https://toronto.ca/..",
    f"https://toronto.ca/{'a' * LONGEST_URL}",
)


def test_address_that_no_page_has_is_no_input(city: Stage) -> None:
    """It stands on the log for good, and people follow it."""
    ref = city.propose()
    for url in NO_ADDRESSES:
        with pytest.raises(InvalidInputError, match="no address that a page") as caught:
            city.publish(publication(ref, url=url))
        assert caught.value.problems[0].code == "bad_url"
        assert str(caught.value).isprintable()


def test_what_is_no_publication_changes_nothing(city: Stage) -> None:
    """A digest that is none, an agreement twice, one that is not there."""
    ref = city.reach(State.SIGNED)
    before = city.raw(ref)
    twice = (publication(ref), publication(ref, sha256="b" * 64))
    for given in ((publication(ref, sha256="A" * 64),), twice):
        with pytest.raises(InvalidInputError):
            city.publish(*given)
    for other in (replace(ref, number=99), replace(ref, code="XYZ")):
        with pytest.raises(UnknownRefError):
            city.publish(publication(ref), publication(other))
    assert city.raw(ref) == before


def test_what_is_published_is_owed_no_more_and_a_new_term_is(city: Stage) -> None:
    """R28: also where the publication is noted in the middle of another one's watch."""
    ref = city.reach(State.SIGNED)
    assert is_owed(city, ref)
    city.publish(publication(ref))
    assert not is_owed(city, ref)
    city.record(ref, Record("note", city.day, text="They liked it."))
    for trigger in NEXT_TERM[3:]:
        city.pull(ref, trigger)
        assert not is_owed(city, ref)
    again = Term(date(2030, 7, 1), date(2034, 6, 30))
    project = complete_project(end=date(2032, 6, 30), examined=date(2032, 9, 30))
    city.apply(ref, complete_agreement(term=again, projects=(project,)))
    city.pull(ref, Trigger.SIGN)
    assert is_owed(city, ref)
    stale = publication(ref, sha256="b" * 64)
    assert codes(city.publish(stale)[0]) == ["publication.of_another_term"]
    assert city.publish(replace(stale, term=2))[0].outcome is Outcome.OK
    assert not is_owed(city, ref)
    assert city.verify() == []


def test_what_was_not_published_gets_louder_until_it_is(city: Stage) -> None:
    """R28: the nightly check tells of it from the day on which the policy wants it public."""
    refs = [city.reach(State.SIGNED) for _ in range(2)]
    city.publish(publication(refs[0]))
    signed = city.day
    loud = []
    for days in (29, 30, 60, 90):
        report = city.on(signed + timedelta(days=days)).nightly()
        told_of = [item for item in report.items if item.rule == Rule.UNPUBLISHED]
        assert all(item.ref == str(refs[1]) for item in told_of)
        loud += [(days, item.outcome, item.loudness) for item in told_of]
    assert loud == [(30, "alert", 1), (60, "alert", 2), (90, "alert", 3)]


BLOCKS = policy_file({"guards": {"published": "block"}})


def test_agreement_waits_for_its_publication_where_the_policy_blocks(staged: Staging) -> None:
    """R28: the night is refused, once on the log; the first one after it was noted activates it."""
    city = staged(BLOCKS, sandbox=False).with_people()
    public, waiting = city.reach(State.SIGNED), city.reach(State.SIGNED)
    city.publish(publication(public))
    for day in (START, START + timedelta(days=1)):
        report = city.on(day).nightly()
        (refused,) = [item for item in report.moves if item.outcome == "refused"]
        assert (refused.ref, refused.codes) == (str(waiting), ("published:publication.missing",))
    assert city.standing(public).state is State.ACTIVE
    assert city.last(waiting).event is Event.REFUSED
    by_hand = city.advance(waiting, Trigger.ACTIVATE)
    (unmet,) = [unmet for _severity, unmet in by_hand.unmet]
    assert (by_hand.refused, unmet.code) == (True, "publication.missing")
    assert "lifecycle publish DIR --record URL" in unmet.fix
    city.publish(publication(waiting))
    assert city.on(START + timedelta(days=2)).nightly().count("fired") == 1
    assert [(g.outcome, g.code) for g in city.last(waiting).guards if g.guard == "published"] == [
        ("met", None)
    ]
    assert city.verify() == []


def test_publication_may_be_waived_where_the_policy_blocks(staged: Staging) -> None:
    """R57: by who does not decide, with the reason."""
    city = staged(BLOCKS, sandbox=False).with_people()
    ref = city.reach(State.SIGNED)
    city.on(START)
    assert not city.waive(ref, "published:publication.missing", Trigger.ACTIVATE).refused
    assert not city.advance(ref, Trigger.ACTIVATE).refused
    assert city.verify() == []


def test_nobody_is_asked_for_a_publication_where_the_guard_is_off(
    staged: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is any publication looked up: of a batch, only those where the guard asks are."""
    asked: list[int] = []
    stage = staged(with_types(guards={"published": "off"}))
    stage.reach(State.SIGNED)
    lee = Endorsement("Councillor Lee", stage.day)
    stage.reach(State.SIGNED, complete_agreement(type="friendship", endorsement=lee))
    with stage.store.unit() as unit:
        several = type(unit).publications_of

    def counted(self: Any, standings: Any) -> Any:  # noqa: ANN401 - a unit's method
        asked.append(len(standings))
        return several(self, standings)

    monkeypatch.setattr(type(unit), "publications_of", counted)
    assert stage.on(START).nightly().count("fired") == 2
    assert [count for count in asked if count] == [1]
    assert stage.verify() == []


def test_activation_is_judged_again_by_what_was_on_record_then(city: Stage) -> None:
    """A publication that is retracted later, or noted later, changes no line of the past."""
    ref, later = city.reach(State.SIGNED), city.reach(State.SIGNED)
    city.publish(publication(ref))
    noted = city.last(ref).n
    for one in (ref, later):
        city.pull(one, Trigger.ACTIVATE)
    moved = city.last(ref).n
    city.correct_record(ref, noted, None, reason="It was another city's site.")
    city.publish(publication(later))
    assert city.verify() == []
    (found,) = forged(city, {(ref, moved): guard("published", "warned:publication.missing")})
    assert (found.n, found.code) == (moved, "guard.differs")


def test_publication_that_nobody_could_have_noted_is_found(
    city: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the rules of the use case: of nothing signed, of another term, by others, by hand."""
    ref, drafted = city.reach(State.SIGNED), city.propose()
    monkeypatch.setattr(recording, "not_published", lambda *_: ())
    city.publish(publication(ref), publication(drafted))
    noted = city.last(ref).n
    city.publish(publication(ref, term=2))
    found = [(one.stream, one.n, one.code, one.message) for one in city.verify()]
    assert [one[:3] for one in found] == [
        (str(ref), noted + 1, "line.contradicts"),
        (str(drafted), 2, "line.contradicts"),
    ]
    assert "of term 2, and term 1 is the one last signed" in found[0][3]
    assert "It was never signed" in found[1][3]
    note = city.record(ref, Record("note", city.day, text="Seen."))
    for n, change, code in (
        (noted, told(actor=city.entries(ref)[2].actor, role=Role.DECIDER), "authority.differs"),
        (noted, told(event=Event.RECORDED), "line.contradicts"),
        (note.n, told(event=Event.PUBLISHED), "line.contradicts"),
        (noted, told(content=None), "line.contradicts"),
    ):
        codes_found = [one.code for one in forged(city, {(ref, n): change}) if one.n == n]
        assert codes_found == [code]


def test_publication_is_neither_recorded_nor_corrected_by_hand(city: Stage) -> None:
    """R28: only publishing notes it; what was noted wrongly is retracted."""
    ref = city.reach(State.SIGNED)
    fact = Record("published", city.day, url="https://toronto.ca/", term=1, sha256="a" * 64)
    with pytest.raises(InvalidInputError) as caught:
        city.record(ref, fact)
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("not_by_hand", "lifecycle publish DIR --record URL")
    with pytest.raises(InvalidInputError, match="only what publishing notes has url"):
        city.record(ref, Record("note", city.day, text="Here.", url="https://toronto.ca/"))
    city.publish(publication(ref))
    noted = city.last(ref).n
    city.record(ref, Record("note", city.day, text="Seen."))
    for n, instead in ((noted, fact), (noted + 1, fact)):
        with pytest.raises(InvalidInputError, match="noted by publishing alone"):
            city.correct_record(ref, n, instead)
    assert [record.kind for record in published(city, ref)] == ["published"]


def test_word_that_is_erased_from_an_address_leaves_the_publication(city: Stage) -> None:
    """The term and the digest stay, and so does what is met by them."""
    ref = city.reach(State.SIGNED)
    city.publish(publication(ref, url="https://toronto.ca/~li-wei/"))
    city.pull(ref, Trigger.ACTIVATE)
    erase_text(city, ref, "Li Wei")
    (noted,) = published(city, ref)
    assert "wei" not in (noted.url or "")
    assert (noted.term, noted.sha256) == (1, "a" * 64)
    assert not is_owed(city, ref)
    assert city.verify() == []
