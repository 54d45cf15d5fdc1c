"""Rows of a table: which column says what, and what a row lacks to be an agreement."""

from datetime import date

import pytest

from lifecycle.intake.columns import Row, columns_of
from lifecycle.intake.legend import Legend
from lifecycle.intake.reading import Candidate, Reader, Refused
from states.agreement import TakenOver, Term
from states.problem import InvalidInputError, Problem
from states.vocabulary import State
from tests.builders import policy
from tests.lifecycle.intake.known import AllCountries

HEADER = [
    *("partner", "country", "type", "title", "signed", "status"),
    *("term_start", "term_end", "review", "owner", "source", "note"),
]
COMPLETE = {
    "partner": "Chongqing",
    "country": "China",
    "type": "partnership",
    "signed": "1986",
    "status": "active",
}


class TwoCountries:
    """Knows China and nothing else, and takes everything for it."""

    def code(self, text: str) -> str | None:
        """Return CN for China."""
        return "CN" if text in {"China", "CN"} else None

    def close(self, text: str) -> str | None:
        """Return China for what begins like it."""
        return "China" if text.startswith("Ch") else None


def reader(header: list[str], legend: Legend | None = None) -> Reader:
    """Return a reader of a table with these headings."""
    day, told = date(2019, 1, 14), legend or Legend()
    return Reader("toronto.csv", columns_of(header, told), policy(), TwoCountries(), day, told)


def reading(
    header: list[str] | None = None, legend: Legend | None = None, /, **cells: str
) -> Candidate | Refused:
    """Return what a row of Toronto's is read as: complete but for the cells that are named."""
    names = header or [*HEADER, *(name for name in cells if name not in HEADER)]
    stated = {**COMPLETE, **cells}
    row = Row(7, [stated.get(name, "") for name in names])
    return reader(names, legend).read(row)


def candidate(
    header: list[str] | None = None, legend: Legend | None = None, /, **cells: str
) -> Candidate:
    """Return the agreement that a row is read as."""
    found = reading(header, legend, **cells)
    assert isinstance(found, Candidate), found
    return found.called(found.partner, policy())


def problems(header: list[str] | None = None, **cells: str) -> list[tuple[str, str | None]]:
    """Return the code and the column of everything that is wrong with a row."""
    found = reading(header, **cells)
    assert isinstance(found, Refused), found
    assert all(problem.hint for problem in found.problems)
    return [(problem.code, problem.key) for problem in found.problems]


def only_problem(**cells: str) -> Problem:
    """Return the one thing that is wrong with a row."""
    found = reading(None, **cells)
    assert isinstance(found, Refused), found
    (problem,) = found.problems
    return problem


def test_row_becomes_the_agreement_that_it_states() -> None:
    """Partner, country, type, date of signing and state are the row's; the title is made."""
    found = candidate()
    agreement = found.agreement
    assert (found.row, found.state, found.note) == (7, State.ACTIVE, "")
    assert (agreement.type, agreement.title) == (
        "partnership",
        "Partnership agreement with Chongqing",
    )
    assert agreement.partner is not None
    assert (agreement.partner.name, agreement.partner.country) == ("Chongqing", "CN")
    assert agreement.taken_over == TakenOver("1986", "toronto.csv, row 7")


def test_row_says_more_where_it_has_more() -> None:
    """Title, owner, review, term, source and note are taken as they stand."""
    found = candidate(
        title="Friends of the river",
        owner="anna",
        review="2020-05-01",
        term_start="2018-01-01",
        term_end="2020-12-31",
        source="City Clerk",
        note="Two papers say so.",
    )
    agreement = found.agreement
    assert (agreement.title, agreement.owner) == ("Friends of the river", "anna")
    assert agreement.review == date(2020, 5, 1)
    assert agreement.term == Term(date(2018, 1, 1), date(2020, 12, 31))
    assert agreement.taken_over == TakenOver("1986", "City Clerk")
    assert found.note == "Two papers say so."


def test_row_of_the_research_file_is_understood() -> None:
    """`city`, `status_2018`, `date_signed` and `year_signed` are headings as well."""
    header = ["city", "country", "type", "status_2018", "year_signed", "date_signed", "basis"]
    cells = {"city": "Milan", "status_2018": "active", "year_signed": "2002"}
    by_year = candidate(header, **cells)
    by_day = candidate(header, **cells, date_signed="2002-04-15")
    assert by_year.agreement.taken_over == TakenOver("2002", "toronto.csv, row 7")
    assert by_day.agreement.taken_over == TakenOver("2002-04-15", "toronto.csv, row 7")
    assert columns_of(header).unused == ("basis",)


def test_dates_of_signing_that_contradict_each_other_are_refused() -> None:
    """The more precise date does not win where the other one is another date."""
    header = ["partner", "country", "type", "status", "year_signed", "date_signed"]
    cells = {"year_signed": "2003", "date_signed": "2002-04-15"}
    assert problems(header, **cells) == [("contradiction", "year_signed")]


@pytest.mark.parametrize("status", ["signed", "active", "evaluation", "Active"])
def test_status_is_the_state_to_take_over_in(status: str) -> None:
    """The three states after signing and before an end may be stated, in capitals or not."""
    assert candidate(status=status).state == status.casefold()


def test_types_are_found_in_capitals_too() -> None:
    """A type is the policy's own, however the file writes it."""
    assert candidate(type="MOU").agreement.type == "mou"


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("partner", "", "missing"),
        ("partner", "x" * 301, "too_long"),
        ("partner", "Chong\x07qing", "control_character"),
        ("country", "", "missing"),
        ("country", "Chnia", "unknown_country"),
        ("country", "Nowhere", "unknown_country"),
        ("type", "", "missing"),
        ("type", "sister_city", "unknown_type"),
        ("signed", "", "missing"),
        ("signed", "last year", "not_a_date"),
        ("signed", "1986-02-30", "not_a_date"),
        ("status", "", "missing"),
        ("status", "concluded_or_dormant", "unknown_status"),
        ("status", "sunset", "unknown_status"),
        ("review", "2020", "not_a_day"),
        ("review", "2020-13-01", "not_a_day"),
        ("review", "0999-01-01", "not_a_day"),
        ("owner", "x" * 301, "too_long"),
        ("source", "x" * 20_001, "too_long"),
        ("note", "x" * 20_001, "too_long"),
    ],
)
def test_what_a_cell_can_not_say_is_refused_under_its_heading(
    column: str, text: str, code: str
) -> None:
    """Each refusal names the column as the file calls it, and says what to do."""
    problem = only_problem(**{column: text})
    assert (problem.code, problem.key) == (code, column)
    assert problem.hint


def test_made_title_fits_whatever_the_partner_is_called() -> None:
    """A name that may be is no reason for a title that may not."""
    assert len(candidate(partner="x" * 300).agreement.title) == 300


def test_unknown_type_and_blank_type_list_the_policys_types() -> None:
    """Who has to find out the type is told which ones there are."""
    for text in ("", "twinning"):
        problem = only_problem(type=text)
        assert problem.allowed == ("partnership", "friendship", "mou")
        assert "partnership, friendship, mou" in (problem.hint or "")


def test_misspelt_country_comes_with_the_name_that_was_meant() -> None:
    """A suggestion is made where one is close, and else the form is told."""
    assert only_problem(country="Chnia").hint == "did you mean China?"
    assert "CN" in (only_problem(country="Nowhere").hint or "")


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    """No second round for what the first could have said."""
    assert problems(partner="", country="", type="", signed="", status="") == [
        ("missing", "partner"),
        ("missing", "country"),
        ("missing", "type"),
        ("missing", "signed"),
        ("missing", "status"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "code", "column"),
    [
        ("2018-01-01", "", "half_a_term", "term_start"),
        ("", "2020-12-31", "half_a_term", "term_end"),
        ("2018-01-01", "2017-12-31", "term_order", "term_end"),
        ("2018", "2020-12-31", "not_a_day", "term_start"),
        ("2018-01-01", "2020-02-30", "not_a_day", "term_end"),
    ],
)
def test_half_a_term_is_none(start: str, end: str, code: str, column: str) -> None:
    """A term has a first and a last day, in this order."""
    assert problems(term_start=start, term_end=end) == [(code, column)]


def test_cells_beyond_the_heading_are_refused_unless_blank() -> None:
    """A comma without quotes shifts a row; that is found out, and a trailing comma is not."""
    cells, table = list(COMPLETE.values()), reader(list(COMPLETE))
    blank = table.read(Row(2, [*cells, "", " "]))
    shifted = table.read(Row(2, [*cells, "x"]))
    assert isinstance(blank, Candidate)
    assert isinstance(shifted, Refused)
    assert [problem.code for problem in shifted.problems] == ["too_many_cells"]


def test_row_that_ends_early_lacks_what_it_does_not_say() -> None:
    """Cells that are not there are blank."""
    found = reader(list(COMPLETE)).read(Row(2, ["Chongqing", "CN"]))
    assert isinstance(found, Refused)
    assert [p.key for p in found.problems] == ["type", "signed", "status"]


def test_partner_by_another_name_is_kept_as_its_alias() -> None:
    """The agreement has the partner's name on record; the key is made of that, too."""
    found = candidate(partner="Chungking", aliases="Tchongking; ")
    known = found.called("Chongqing", policy())
    assert known.agreement.aliases == ("Tchongking", "Chungking")
    assert known.agreement.title == "Partnership agreement with Chongqing"
    assert known.key == candidate().key
    own = candidate(partner="Chungking", title="Friends of the river").called("Chongqing", policy())
    assert own.agreement.title == "Friends of the river"


def test_more_of_the_partner_is_taken_where_the_row_says_it() -> None:
    """Its kind, its other names, and the division that runs the agreement."""
    agreement = candidate(kind="city", division="Culture", aliases="Chungking").agreement
    assert (agreement.parties[0].kind, agreement.division) == ("city", "Culture")
    assert agreement.aliases == ("Chungking",)


def test_word_that_the_policy_does_not_have_is_told_with_those_that_it_has() -> None:
    """The document's own checks are told under the column's heading."""
    refused = reading(kind="city" * 100)
    assert isinstance(refused, Refused)
    assert [(p.code, p.key) for p in refused.problems] == [("too_long", "kind")]
    told = reader(list(COMPLETE)).refused(
        Row(7, list(COMPLETE.values())),
        Problem("not_allowed", "'x' is not one of these words", key="type", allowed=("mou",)),
        Problem("odd", "it is odd", key="conditions"),
    )
    assert [(p.key, p.hint) for p in told.problems] == [
        ("type", "one of mou"),
        ("conditions", "correct the cell"),
    ]


@pytest.mark.parametrize("signed", ["unknown", "Unknown"])
def test_date_of_signing_that_nobody_knows_stays_unknown(signed: str) -> None:
    """It has to be said; no date is invented for it."""
    taken = candidate(signed=signed).agreement.taken_over
    assert taken is not None
    assert taken.signed == "unknown"
    assert problems(signed="") == [("missing", "signed")]


def test_rows_that_are_silent_about_signing_may_all_be_said_to_be_unknown() -> None:
    """A row that knows its date keeps it; a column that says unknown yields to one that knows."""
    legend = Legend(constants={"signed": "unknown"})
    assert candidate(None, legend, signed="").signed == "unknown"
    assert candidate(None, legend).signed == "1986"
    header = ["partner", "country", "type", "status", "year_signed", "date_signed"]
    assert candidate(header, year_signed="1986", date_signed="unknown").signed == "1986"


@pytest.mark.parametrize("status", ["ended", "Expired", "terminated", "evaluation"])
def test_agreement_that_has_ended_is_to_be_evaluated(status: str) -> None:
    """What becomes of it is decided, not taken for granted."""
    assert candidate(status=status).state is State.EVALUATION


@pytest.mark.parametrize("status", ["active", "signed", ""])
def test_agreement_whose_term_is_over_is_to_be_evaluated(status: str) -> None:
    """Whatever the file calls it; one whose last day has not passed is not over."""
    term = {"term_start": "2014-01-14", "term_end": "2019-01-13"}
    assert candidate(status=status, **term).state is State.EVALUATION
    running = {**term, "term_end": "2019-01-14"}
    assert candidate(status="active", **running).state is State.ACTIVE


def test_words_are_explained_by_the_legend() -> None:
    """Types, states and countries of the file's own words, in capitals or not."""
    legend = Legend(
        types={"sister city": "friendship"},
        states={"listed": "active", "revoked": "evaluation"},
        countries={"cathay": "China"},
    )
    found = candidate(None, legend, type="Sister City", status="Listed", country="CATHAY")
    assert (found.agreement.type, found.state, found.country) == (
        "friendship",
        State.ACTIVE,
        "CN",
    )
    assert candidate(None, legend, status="revoked").state is State.EVALUATION


def test_words_that_nobody_explained_are_told_with_what_was_probably_meant() -> None:
    """So that each can be explained once for all rows."""
    refused = reading(type="sister city", status="listed", country="Chnia")
    assert isinstance(refused, Refused)
    assert [(one.field, one.words, one.suggestion) for one in refused.unexplained] == [
        ("country", "Chnia", "China"),
        ("type", "sister city", None),
        ("status", "listed", None),
    ]


def test_title_of_a_type_is_as_good_as_its_code() -> None:
    """A file of people writes what people read."""
    assert candidate(type="Partnership agreement").agreement.type == "partnership"


def test_country_in_the_partners_cell_is_shown_where_it_belongs() -> None:
    """`Chongqing, China` names both, and the row says so only in one cell."""
    problem = only_problem(partner="Chongqing, China", country="")
    assert problem.hint == "put China into this column, and Chongqing into the partner's"


@pytest.mark.parametrize("partner", ["Toronto", "City of Toronto"])
def test_city_is_no_partner_of_itself(partner: str) -> None:
    """The program's own city, unless somebody says that it is another of that name."""
    legend = Legend(constants={"country": "CA"})
    header = [name for name in HEADER if name != "country"]
    cells = {"partner": partner}
    row = Row(7, [{**COMPLETE, **cells}.get(name, "") for name in header])
    columns = columns_of(header, legend)
    own = Reader("a.csv", columns, policy(), AllCountries(), date(2019, 1, 14), legend)
    refused = own.read(row)
    assert isinstance(refused, Refused)
    assert [(p.code, p.key) for p in refused.problems] == [("self_pair", "partner")]
    assert isinstance(reading(partner=partner, same_as="new"), Candidate)
    assert isinstance(reading(partner=partner), Candidate)


def test_home_side_that_the_row_names_is_no_partner_of_itself() -> None:
    """In the same country; a country that can't be read is none to compare."""
    assert problems(home="Chongqing", home_country="China") == [("self_pair", "partner")]
    assert problems(home="Chongqing") == [("self_pair", "partner")]
    assert isinstance(reading(home="Chongqing", same_as="new"), Candidate)
    assert problems(home="Chongqing", home_country="Xi") == [("unknown_country", "home_country")]


def test_another_home_side_is_another_agreement() -> None:
    """A program may keep several cities' agreements; its own city's need no name."""
    found = candidate(home="Guangzhou", home_country="China")
    assert [party.name for party in found.agreement.side("home")] == ["Guangzhou"]
    assert found.key != candidate().key
    assert candidate(home="City of Toronto").key == candidate().key


def test_cell_that_can_not_be_read_is_told_under_its_heading() -> None:
    """A formula without a value, an error: only where the column is used."""
    cells = ["", *list(COMPLETE.values())[1:]]
    row = Row(7, cells, {0: "the cell shows the error #REF!", 9: "not used"})
    refused = reader(list(COMPLETE)).read(row)
    assert isinstance(refused, Refused)
    assert [(p.code, p.key) for p in refused.problems] == [("unreadable_cell", "partner")]


def test_row_of_refused_rows_is_known_from_where_it_first_stood() -> None:
    """The file and row that it was refused in, not the file of refused rows."""
    first = candidate(refused_in="old.xlsx", refused_row="17")
    assert first.agreement.taken_over == TakenOver("1986", "old.xlsx, row 17")


def test_refused_row_names_partner_and_source() -> None:
    """A list of refused rows can say which agreement it is about, and who knows more."""
    found = reading(type="", source="City Clerk")
    assert isinstance(found, Refused)
    assert (found.row, found.partner, found.source) == (7, "Chongqing", "City Clerk")


def test_same_agreement_has_the_same_key_however_it_is_written() -> None:
    """Case, blanks and the country's form don't make another agreement; another date does."""
    key = candidate().key
    assert candidate(partner="CHONGQING ", country="CN", type="Partnership").key == key
    assert candidate(title="Another title", note="More").key == key
    assert candidate(signed="1987").key != key
    assert candidate(type="friendship").key != key


def test_columns_that_are_missing_are_named_all_at_once() -> None:
    """A file with other headings is refused as a whole, with the headings that would do."""
    with pytest.raises(InvalidInputError) as caught:
        columns_of(["Town", "Land"])
    told = {problem.key: problem for problem in caught.value.problems}
    assert set(told) == {"partner", "country", "type", "signed", "status"}
    assert told["partner"].allowed == ("partner", "city")
    assert "Town, Land" in (told["partner"].hint or "")


def test_headings_are_read_without_case_and_blanks() -> None:
    """`Term start` is term_start."""
    columns = columns_of(["Partner", "COUNTRY", "type", " Signed ", "status", "Term  start"])
    assert set(columns.places) == {
        "partner",
        "country",
        "type",
        "signed",
        "status",
        "term_start",
    }


def test_two_columns_of_one_name_are_refused() -> None:
    """Which of two would count can't be known."""
    with pytest.raises(InvalidInputError) as caught:
        columns_of([*COMPLETE, "type"])
    assert [(p.code, p.key) for p in caught.value.problems] == [("repeated", "type")]
