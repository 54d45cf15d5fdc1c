"""Searching what is written about an agreement: every word somewhere, and where it stands."""

from datetime import date
from decimal import Decimal

import pytest

from lifecycle.dossiers import Dossier
from lifecycle.finding.searching import Hit, searched
from states.records import Record
from states.ref import Ref
from tests.builders import complete_agreement, standing

DAY = date(2027, 3, 1)
DOCUMENT = complete_agreement(
    title="Trade with São Paulo",
    termination_guidelines="",
    renewal_guidelines="The partner's office\n  asks for it " + "in good time " * 10 + "by letter.",
    conditions={"legal_review": "Yes, by Zoë", "council": ""},
)
DOSSIER = Dossier(
    ref=Ref("TOR", 2027, 1),
    standing=standing(DOCUMENT),
    document=DOCUMENT,
    records=((7, Record("note", DAY, "A call about fintech", value=Decimal(3))),),
    reasons={9: "The budget was cut"},
)


@pytest.mark.parametrize(
    ("words", "where", "excerpt"),
    [
        ("SAO", "title", "Trade with São Paulo"),
        ("zoe", "conditions.legal_review", "Yes, by Zoë"),
        ("fintech", "line 7, note.text", "A call about fintech"),
        ("Budget", "line 9, reason", "The budget was cut"),
        ("good", "renewal_guidelines", None),
    ],
)
def test_a_word_is_found_wherever_it_is_written(
    words: str, where: str, excerpt: str | None
) -> None:
    """In the document, in a record, in a reason; case and accents make no difference."""
    hits = searched(DOSSIER, words.split())
    assert where in {hit.where for hit in hits}
    assert excerpt in {None, *(hit.excerpt for hit in hits)}


def test_every_word_has_to_be_there_in_whichever_text() -> None:
    """Words that stand apart are found together; one that stands nowhere finds nothing."""
    assert {hit.where for hit in searched(DOSSIER, ["fintech", "budget"])} == {
        "line 7, note.text",
        "line 9, reason",
    }
    assert searched(DOSSIER, ["fintech", "nowhere"]) == ()


def test_excerpt_of_a_long_text_is_one_line_around_the_word() -> None:
    """What is left out on either side is marked."""
    (hit,) = searched(DOSSIER, ["letter"])
    assert hit == Hit("renewal_guidelines", "…in good time in good time by letter.")
    (hit,) = searched(DOSSIER, ["office"])
    assert hit.excerpt == "The partner's office asks for it in good time in…"
