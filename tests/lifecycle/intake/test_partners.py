"""Partners under several names: who is the same, who may be, and who is somebody else."""

from dataclasses import replace
from datetime import date

import pytest

from lifecycle.intake.columns import Row, columns_of
from lifecycle.intake.legend import Legend
from lifecycle.intake.partners import Directory, Question, UnansweredError
from lifecycle.intake.ports import OnRecord
from lifecycle.intake.reading import Candidate, Reader
from states.names import plain
from states.problem import InvalidInputError
from tests.builders import policy
from tests.lifecycle.intake.known import KYIV, AllCountries, Ukraine

HEADER = ["partner", "country", "type", "signed", "status", "same_as", "home", "aliases"]


def row(partner: str, *, signed: str = "1991", number: int = 7, **more: str) -> Candidate:
    """Return an agreement with a partner in Ukraine."""
    stated = {"partner": partner, "country": "UA", "type": "friendship", "status": "active"}
    cells = {**stated, "signed": signed, **more}
    day, countries = date(2026, 9, 1), AllCountries()
    reader = Reader("a.csv", columns_of(HEADER), policy(), countries, day, Legend())
    found = reader.read(Row(number, [cells.get(name, "") for name in HEADER]))
    assert isinstance(found, Candidate), found
    return found


def directory(*known: OnRecord, **answers: str) -> Directory:
    """Return what is on record, and what was answered."""
    made = Directory(Ukraine(), {plain(name): answer for name, answer in answers.items()})
    for one in known:
        made.read(one, policy().program)
    return made


def asked(one: Directory, found: Candidate) -> Question:
    """Return the question that a row leads to."""
    with pytest.raises(UnansweredError) as caught:
        one.partner(found)
    return caught.value.question


def test_same_name_in_whatever_case_is_the_same_partner() -> None:
    """It is known by the name on record."""
    assert directory(KYIV).partner(row("KYIV")) == "Kyiv"


def test_alias_on_record_is_the_same_partner() -> None:
    """Somebody said so before, and is not asked again."""
    known = replace(KYIV, aliases=("Kiev",))
    assert directory(known).partner(row("kiev")) == "Kyiv"


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ("Kyiv", "Kiev"),
        ("Lviv", "L'viv"),
        ("Izmail", "Izmaíl"),
        ("Reni (Odesa)", "Reni"),
        ("Reni", "Reni [raion]"),
        ("Frankfurt am Main", "Frankfurt"),
        ("Frankfurt", "Frankfurt am Main"),
        ("New York City", "New York"),
        ("Mexico", "Mexico City"),
    ],
)
def test_name_that_resembles_a_known_one_is_a_question(known: str, named: str) -> None:
    """Exonyms, accents, brackets, and what is often left out: asked, and never merged."""
    question = asked(directory(replace(KYIV, partner=known)), row(named))
    assert question.known.name == known
    assert question.problem.code == "perhaps_known"
    assert f'--partner "{named}={known}"' in (question.problem.hint or "")
    assert f'--partner "{named}=new"' in (question.problem.hint or "")


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ("Frankfurt am Main", "Frankfurt (Oder)"),
        ("Reni (Odesa)", "Reni (Kyiv)"),
        ("Kyiv", "Lviv"),
        ("West", "West Springfield"),
    ],
)
def test_two_names_that_each_say_more_are_two_partners(known: str, named: str) -> None:
    """What tells places apart is no question."""
    assert directory(replace(KYIV, partner=known)).partner(row(named)) == named


def test_alias_of_two_partners_is_a_question() -> None:
    """Two cities called Frankfurt for short stay two; the name of one itself is no question."""
    main = replace(KYIV, partner="Frankfurt am Main", aliases=("Frankfurt",))
    oder = replace(KYIV, key=2026_000_002, partner="Frankfurt (Oder)", aliases=("Frankfurt",))
    both = directory(main, oder)
    assert asked(both, row("Frankfurt")).known.name == "Frankfurt am Main"
    assert both.partner(row("Frankfurt (Oder)")) == "Frankfurt (Oder)"
    answered = directory(main, oder, Frankfurt="Frankfurt (Oder)")
    assert answered.partner(row("Frankfurt")) == "Frankfurt (Oder)"


def test_name_in_another_country_is_another_partner() -> None:
    """Two cities of one name are two."""
    known = replace(KYIV, country="CA")
    assert directory(known).partner(row("Kyiv")) == "Kyiv"
    assert directory(known).partner(row("Kiev")) == "Kiev"


def test_answer_that_they_are_the_same_gives_the_name_on_record() -> None:
    """It may be given for the name, or by the row itself."""
    assert directory(KYIV, Kiev="Kyiv").partner(row("Kiev")) == "Kyiv"
    assert directory(KYIV).partner(row("Kiev", same_as="kyiv")) == "Kyiv"
    assert directory(KYIV).partner(row("Kiev", same_as="Kýiv")) == "Kyiv"


def test_answer_that_it_is_another_one_keeps_its_name() -> None:
    """Then both are partners of their own."""
    assert directory(KYIV, Kiev="new").partner(row("Kiev")) == "Kiev"
    assert directory(KYIV).partner(row("Kiev", same_as="new")) == "Kiev"


def test_answer_that_names_nobody_is_refused() -> None:
    """A slip of the pen in an answer is no new partner."""
    with pytest.raises(InvalidInputError) as caught:
        directory(KYIV, Kiev="Kyyiv").partner(row("Kiev"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("unknown_partner", "partner")


def test_partners_of_rows_before_are_known_too() -> None:
    """Two spellings within one file are a question like any other."""
    known = directory()
    known.meet(row("Kyiv", number=3))
    assert asked(known, row("Kiev")).known.known_by == "row 3"


def test_aliases_that_a_row_states_are_names_of_its_partner() -> None:
    """The file itself may say what its partner is also called."""
    known = directory()
    known.meet(row("Kyiv", aliases="Kiev; Kijów"))
    assert known.knows("UA", "KIEV")
    assert known.partner(row("Kijów")) == "Kyiv"


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("1991", "1991-05"),
        ("1991-05-02", "1991"),
        ("unknown", "1991"),
        ("1991", "unknown"),
    ],
)
def test_same_partner_and_type_with_a_date_that_fits_may_be_the_same(there: str, here: str) -> None:
    """A date that is known more exactly than before makes no second agreement."""
    problem = directory(replace(KYIV, signed=there)).resembles(row("Kyiv", signed=here))
    assert problem is not None
    assert (problem.code, problem.key) == ("perhaps_repeated", "signed")
    assert "TOR-2026-001" in problem.message


@pytest.mark.parametrize(
    "known",
    [
        replace(KYIV, signed="1992"),
        replace(KYIV, type="partnership"),
        replace(KYIV, partner="Lviv"),
        replace(KYIV, signed=None),
        replace(KYIV, home="Guangzhou", home_country="CN"),
    ],
)
def test_other_date_type_partner_or_home_is_another_agreement(known: OnRecord) -> None:
    """So is one that was never signed."""
    assert directory(known).resembles(row("Kyiv")) is None


def test_rows_that_are_taken_count_as_much_as_the_record() -> None:
    """Two rows of one file may be one agreement as well."""
    known = directory()
    known.take(row("Kyiv", signed="1991", number=3))
    problem = known.resembles(row("Kyiv", signed="1991-05"))
    assert problem is not None
    assert "row 3" in problem.message
