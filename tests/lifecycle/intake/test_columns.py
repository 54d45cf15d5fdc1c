"""Columns of a table: found by their headings, or named by whoever imports it."""

import pytest

from lifecycle.intake.columns import Row, columns_of
from lifecycle.intake.legend import Legend, check_legend
from lifecycle.intake.words import headed
from states.problem import InvalidInputError, Problem
from tests.builders import policy
from tests.lifecycle.intake.known import AllCountries

HEADER = ["Sister city", "Land", "Kind of paper", "Date", "How it stands", "Region"]
LEGEND = Legend(
    columns={
        "partner": ("sister CITY",),
        "country": ("Land",),
        "type": ("Kind of paper",),
        "signed": ("Date",),
        "status": ("How it stands",),
    }
)


def wrong(header: list[str], legend: Legend | None = None) -> list[Problem]:
    """Return what is wrong with a heading."""
    with pytest.raises(InvalidInputError) as caught:
        columns_of(header, legend)
    return list(caught.value.problems)


def test_columns_are_named_by_field_and_heading() -> None:
    """Any heading can say any field, in capitals or not; the others are not used."""
    columns = columns_of(HEADER, LEGEND)
    row = Row(2, ["Milan", "Italy", "sister", "1990", "listed", "Lombardy"])
    assert columns.text(row, "partner") == "Milan"
    assert columns.heading("partner") == "Sister city"
    assert columns.unused == ("Region",)


def test_heading_that_is_named_for_one_field_says_no_other() -> None:
    """A column called Kind may say the type; then it does not say the partner's kind as well."""
    header = ["partner", "country", "Kind", "signed", "status"]
    columns = columns_of(header, Legend(columns={"type": ("Kind",)}))
    row = Row(2, ["Milan", "IT", "mou", "1990", "active"])
    assert (columns.text(row, "type"), columns.text(row, "kind")) == ("mou", "")


def test_heading_that_is_not_there_is_told_with_those_that_are() -> None:
    """At most a dozen of them, however many columns there are."""
    legend = Legend(columns={**LEGEND.columns, "note": ("Remark",)})
    (problem,) = wrong([*HEADER, *(f"c{number}" for number in range(194))], legend)
    assert (problem.code, problem.key) == ("missing_column", "note")
    assert "and 188 more" in (problem.hint or "")


def test_field_without_a_column_may_be_the_same_for_all_rows() -> None:
    """What every row says that is silent about it; a row that speaks is heard."""
    header = ["partner", "country", "type", "signed"]
    columns = columns_of(header, Legend(constants={"status": "active", "type": "mou"}))
    assert columns.text(Row(2, ["Milan", "IT", "", "1990"]), "status") == "active"
    assert columns.text(Row(2, ["Milan", "IT", "", "1990"]), "type") == "mou"
    assert columns.text(Row(2, ["Milan", "IT", "friendship", "1990"]), "type") == "friendship"


def test_heading_by_which_rows_are_chosen_has_to_be_there() -> None:
    """A slip of the pen does not leave out every row."""
    (problem,) = wrong([*HEADER], Legend(columns=LEGEND.columns, only={"Home": frozenset({"x"})}))
    assert (problem.code, problem.key) == ("missing_column", "--only")
    assert "map" not in (problem.hint or "")


def test_rows_that_are_meant_say_one_of_the_words() -> None:
    """Under each of the headings; a row that ends before them is not meant."""
    only = {"Region": frozenset({"lombardy", "veneto"}), "Land": frozenset({"italy"})}
    columns = columns_of(HEADER, Legend(columns=LEGEND.columns, only=only))
    assert columns.meant(Row(2, ["Milan", "ITALY", "", "", "", "Lombardy"]))
    assert not columns.meant(Row(2, ["Bern", "Italy", "", "", "", "Bern"]))
    assert not columns.meant(Row(2, ["Milan", "Italy"]))
    assert list(columns.said(Row(2, ["Bern", "Italy"]))) == ["Italy"]
    assert columns.unused == ()


def test_row_that_begins_with_a_hash_is_a_remark() -> None:
    """The template explains itself in rows like these."""
    assert Row(2, [" # the other side", "its country"]).is_remark
    assert not Row(2, ["Milan"]).is_remark
    assert not Row(2, []).is_remark


def test_headings_are_compared_without_case_blanks_and_underscores() -> None:
    """`Date_signed` and `date  signed` are one."""
    assert headed("Date  Signed ") == headed("date_signed") == "date_signed"


@pytest.mark.parametrize(
    ("legend", "code", "option"),
    [
        (Legend(columns={"city": ("City",)}), "unknown_field", "--map"),
        (Legend(constants={"state": "active"}), "unknown_field", "--set"),
        (Legend(types={"sister city": "sister"}), "unknown_type", "--types"),
        (Legend(states={"listed": "running"}), "unknown_state", "--states"),
        (Legend(countries={"japa": "Japa"}), "unknown_country", "--countries"),
    ],
)
def test_legend_that_says_what_can_not_be_is_refused_by_its_option(
    legend: Legend, code: str, option: str
) -> None:
    """Before any row is looked at."""
    with pytest.raises(InvalidInputError) as caught:
        check_legend(legend, policy(), AllCountries())
    assert [(p.code, p.key) for p in caught.value.problems] == [(code, option)]


def test_legend_of_the_policys_words_stands() -> None:
    """Types of the policy, states to take over in, countries."""
    legend = Legend(
        columns={"partner": ("City",)},
        types={"sister city": "friendship"},
        states={"listed": "active"},
        countries={"japa": "JP"},
    )
    check_legend(legend, policy(), AllCountries())
