"""What was published where is noted by one use case, and by nothing else (R28)."""

from dataclasses import replace
from typing import Any

import pytest

from lifecycle.errors import UnknownRefError
from states.problem import InvalidInputError
from states.records import LONGEST_URL, Record
from states.ref import Ref
from states.vocabulary import Event, Outcome, Rule, State, Trigger
from tests.builders import DORA
from tests.hands import publication
from tests.stage import NEXT_TERM, Stage, codes


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


ADDRESSES = {
    "another protocol": "javascript:alert(1)",
    "a file": "file:///site/TOR-2026-001.html",
    "a password": "https://anna:secret@toronto.ca/",
    "no host": "https:///agreements",
    "a blank": "https://toronto.ca/a b",
    "a break": "https://toronto.ca/a\nb",
    "a mark of direction": "https://toronto.ca/\u202eolleh",
    "accents": "https://québec.ca/",
    "too long": f"https://toronto.ca/{'a' * LONGEST_URL}",
}


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=list(ADDRESSES))
def test_address_that_no_page_has_is_no_input(city: Stage, url: str) -> None:
    """It stands on the log for good, and people follow it."""
    ref = city.propose()
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
    city.pull(ref, Trigger.ACTIVATE)
    assert not is_owed(city, ref)
    assert city.verify() == []
