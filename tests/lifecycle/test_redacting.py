"""Words are taken out of texts: found however they are spelled, and replaced so that nothing tips.

What guards compare compares alike afterwards, and what no person wrote is left alone.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.texts import said
from lifecycle.erasing.redacting import Wording, emptied, first_free, redacted
from states.agreement import Contact, TakenOver
from states.attachment import Attachment
from states.codec import decode, encode
from states.notes import Assent
from states.records import Evaluation, Record, ScoreSheet
from tests.builders import END, complete_agreement, evaluation, score_sheet

GONE = "[erased on line 9]"
JANE = Wording(["Jane Doe"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Jane Doe called.", "[erased 1] called."),
        ("Ask Jane  Doe", "Ask [Erased 1]"),
        ("Jane\u00a0Doe's", "[Erased 1]'s"),
        ("jane.doe@example.org", "[Erased 1]@example.org"),
        ("JANE_DOE_CV.pdf", "[Erased 1]_CV.pdf"),
        ("visit-of-jane-doe", "visit-of-erased-1"),
        ("Janet Doe and Jane Doering", "Janet Doe and Jane Doering"),
        ("", ""),
    ],
)
def test_name_is_found_however_its_parts_are_joined(text: str, left: str) -> None:
    """In addresses, names of files and ids as well, and never within another name."""
    assert Wording(["Jane Doe"])(text) == left
    assert JANE.found_in(text) is (text != left)


@pytest.mark.parametrize(
    ("word", "text", "left"),
    [
        ("Jürgen Müller", "Ju\u0308rgen Mu\u0308ller, Jurgen Muller", "[Erased 1], [eRased 1]"),
        ("Łódź", "odz Łódź", "odz [erased 1]"),
        ("李伟", "由李伟签署", "由[erased 1]签署"),
        ("+1 416 555-0100", "Call +1 416 555-0100.", "Call [erased 1]."),
        ("C. (Ann)", "with C. (Ann).", "with [erased 1]."),
    ],
)
def test_name_is_found_in_other_scripts_and_without_its_accents(
    word: str, text: str, left: str
) -> None:
    """Where a script puts no space between words, in their middle as well."""
    assert Wording([word])(text) == left


def test_longer_words_go_first_and_each_has_a_number_of_its_own() -> None:
    """So that a first name does not break the whole name that begins with it."""
    wording = Wording(["Jane", "Jane Doe"], 4)
    assert wording("Jane Doe, Jane") == "[erased 5], [erased 4]"
    assert first_free(["[erased 4] and [eRAsed 11]", "erased-7", "erased 99"]) == 12
    assert first_free(["nothing"]) == 1


def test_what_was_left_by_erasing_is_left_alone() -> None:
    """Whatever words are erased later: placeholders are nobody's."""
    wording = Wording(["on", "erased", "12"], 3)
    text = "[erased 12], [eRased 1], [erased on line 12], visit-of-erased-12"
    assert wording(text) == text
    assert not wording.found_in(text)
    assert wording("On 12, erased.") == "[Erased 3] [erased 5], [erased 4]."


@given(st.lists(st.sampled_from(["Jane Doe", "JANE DOE", "jane doe", "x", " "]), max_size=6))
def test_texts_that_differed_still_differ_and_look_alike_where_they_did(parts: list[str]) -> None:
    """Exactly, and past capitals: guards compare in both ways."""
    wording = Wording(["Jane Doe"])
    texts = [" ".join(parts), " ".join(reversed(parts)), " ".join(parts).upper()]
    left = [wording(text) for text in texts]
    for one, new in zip(texts, left, strict=True):
        assert "jane" not in new.casefold()
        assert said(new) == said(one)
        for other, also in zip(texts, left, strict=True):
            assert (new == also) == (one == other)
            assert (new.casefold() == also.casefold()) == (one.casefold() == other.casefold())


def test_only_what_people_wrote_is_changed() -> None:
    """No day, amount, id of a kind or word of a policy, whatever it is spelled like."""
    wording = Wording(["partnership", "2029", "60000", "city", "CAD", "1986", "grow_trade"])
    origin = TakenOver("1986", "The archive of 1986.")
    agreement = complete_agreement(taken_over=origin, goals=("city",))
    left = redacted(agreement, wording)
    assert left.taken_over == TakenOver("1986", "The archive of [erased 6].")
    assert left.parties[0].name == "[Erased 4] of Toronto"
    assert left.projects[0].objectives[0].responsible == left.parties[0].name
    parties, projects = agreement.parties, agreement.projects
    assert replace(left, taken_over=origin, parties=parties, projects=projects) == agreement
    assert left.parties[0].kind == "city"
    assert left.projects[0].resources == agreement.projects[0].resources
    assert decode(type(agreement), encode(left)) == left
    judged = redacted(evaluation(), Wording(["met", "renew"]))
    assert judged.agreement.outcome == evaluation().agreement.outcome == "met"
    assert judged.value.recommendation == evaluation().value.recommendation
    assert redacted(Assent("sign", END), wording) == Assent("sign", END)


def test_owner_stays_where_it_is_who_acted() -> None:
    """The lines name them, and notices go to owners; any other owner is a text."""
    agreement = complete_agreement(owner="jane doe")
    assert redacted(agreement, JANE, frozenset({"jane doe"})).owner == "jane doe"
    assert redacted(agreement, JANE).owner == "[Erased 1]"


def test_sheet_and_record_lose_what_people_wrote_and_keep_what_counts() -> None:
    """Values, outcomes, days and what they refer to; and what said nothing is left as it was."""
    sheet = emptied(score_sheet(), GONE)
    assert {score.evidence for score in sheet.scores.values()} == {GONE}
    assert set(sheet.factors.values()) == {GONE}
    assert [s.value for s in sheet.scores.values()] == [
        s.value for s in score_sheet().scores.values()
    ]
    judged = emptied(evaluation(), GONE)
    assert judged.agreement.findings == judged.value.of_renewing == GONE
    assert judged.agreement.outcome == evaluation().agreement.outcome
    fact = Record("actual", END, text="Said by Li Wei.", item="buyers", source="tbd")
    assert emptied(fact, GONE) == replace(fact, text=GONE)
    assert emptied(emptied(fact, GONE), "[erased on line 12]") == replace(fact, text=GONE)
    paper = Attachment("jane.pdf", "letter", "0" * 64, 7)
    assert emptied(paper, GONE).name == GONE
    assert len(emptied((Contact("home", "Jane"),), GONE)) == 0
    assert emptied(Evaluation(), GONE) == Evaluation()
    assert emptied(ScoreSheet(), GONE) == ScoreSheet()
