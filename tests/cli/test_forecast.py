"""`lifecycle forecast`: what becomes of the portfolio by year, as it stands and otherwise."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.builders import complete_agreement, home_party, partner_party
from tests.cli.conftest import Cli
from tests.stage import Stage, policy_file, with_cap


@pytest.fixture
def running(stage: Stage) -> Ref:
    """Return an agreement in its term, from 2027 to 2029, which commits 60,000 in 2027."""
    return stage.reach(State.ACTIVE)


@pytest.fixture
def ahead(stage: Stage, running: Ref) -> Ref:
    """Return one in negotiation with the same term and funding."""
    del running
    frankfurt = complete_agreement(
        parties=(home_party(), partner_party(name="Frankfurt", country="DE"))
    )
    return stage.reach(State.DECISION, frankfurt)


def of_year(case: Mapping[str, Any], year: int) -> Mapping[str, Any]:
    """Return what a case says of a year."""
    return next(dict(one) for one in case["years"] if one["year"] == year)


def test_places_money_staff_and_decisions_are_forecast_by_year(cli: Cli, running: Ref) -> None:
    """R11, R20, R50: as things stand; nothing stands beside it where nothing was asked."""
    told = cli("forecast", json=True).well().json
    present = told["present"]
    assert (told["what_if"], told["difference"]) == (None, None)
    assert present["now"] == {"active": 1, "held": 1, "dormant": 0}
    assert [(one["year"], one["held"], one["staff"]) for one in present["years"]] == [
        (2027, 1, "0.5"),
        (2028, 1, "0"),
        (2029, 1, "0"),
        (2030, 0, "0"),
        (2031, 0, "0"),
    ]
    assert present["cap"] == 10
    assert of_year(present, 2027)["committed"] == "60000"
    [due] = of_year(present, 2029)["due"]
    assert (due["due"], due["rule"], due["ref"]) == ("2029-12-31", "term_over", str(running))


def test_one_more_and_one_less_stand_beside_the_present_with_the_difference(
    cli: Cli, running: Ref, ahead: Ref
) -> None:
    """R51: a proposal counts from its term on, an agreement as ended today."""
    more = cli("forecast", "--with", ahead, json=True).well().json
    assert of_year(more["what_if"], 2027)["committed"] == "120000"
    first = more["difference"][0]
    assert (first["held"], first["committed"], first["staff"]) == (1, "60000", "0.5")
    less = cli("forecast", "--without", running, json=True).well().json
    assert of_year(less["what_if"], 2027)["committed"] == "0"
    assert less["difference"][0]["held"] == -1
    both = cli("forecast", "--with", "Frankfurt", "--without", running, json=True).well().json
    assert both["asked"] == {
        "with": [str(ahead)],
        "without": [str(running)],
        "policy": None,
        "renewed": False,
    }
    assert {one["held"] for one in both["difference"]} == {0}


def test_another_policy_is_tried_before_anybody_adopts_it(
    cli: Cli, ahead: Ref, tmp_path: Path
) -> None:
    """Its cap, its budget; the present case stays as it is."""
    draft = tmp_path / "draft.toml"
    draft.write_bytes(with_cap(1, program={"budget": {"2027": 100_000}}))
    told = cli("forecast", "--policy", draft, "--with", ahead, json=True).well().json
    assert (told["present"]["cap"], told["what_if"]["cap"]) == (10, 1)
    assert of_year(told["what_if"], 2027)["gap"] == "20000"
    assert of_year(told["present"], 2027)["budget"] is None
    assert told["difference"][0]["budget"] is None
    text = cli("forecast", "--policy", draft, "--with", ahead).well().out
    assert "What if: The cap is 1, exceeded in 2027 by 1" in text
    assert "What if: 2027 is over its budget by 20,000 CAD." in text


def test_of_two_currencies_no_difference_is_told(cli: Cli, running: Ref, tmp_path: Path) -> None:
    """What is committed in the other one stands apart in each case."""
    del running
    draft = tmp_path / "draft.toml"
    draft.write_bytes(policy_file({"program": {"currency": "EUR"}}))
    told = cli("forecast", "--policy", draft, json=True).well().json
    assert told["difference"][0]["committed"] is None
    assert of_year(told["what_if"], 2027)["committed"] == "0"
    [apart] = of_year(told["what_if"], 2027)["other_currencies"]
    assert apart == {"currency": "CAD", "committed": "60000", "spent": "0"}
    assert "no difference can be said" in " ".join(cli("forecast", "--policy", draft).out.split())


def test_what_is_assumed_is_said(cli: Cli, ahead: Ref) -> None:
    """In the table and in JSON, first what always holds, then what was asked."""
    line = ("forecast", "--renewed", "--with", ahead, "--years", "3")
    said = cli(*line, json=True).well().json["assumptions"]
    assert "none is renewed" in said[0]
    assert any("every agreement is renewed" in one for one in said)
    text = cli(*line).well().out
    assert max(map(len, text.splitlines())) <= 80
    assert all(one in " ".join(text.split()) for one in said)


def test_no_amount_is_a_number_of_json(cli: Cli, ahead: Ref) -> None:
    """Money and full-time equivalents are text, exactly as they were stated."""
    text = cli("forecast", "--with", ahead, json=True).well().out
    assert '"0.5"' in text
    json.loads(text, parse_float=pytest.fail)


def test_a_forecast_is_written_in_each_form(cli: Cli, ahead: Ref, tmp_path: Path) -> None:
    """The page has both cases in one chart, which says in words what it shows."""
    for ending in ("html", "xlsx", "md", "csv"):
        cli("forecast", "--with", ahead, "-o", tmp_path / f"forecast.{ending}").well()
    page = (tmp_path / "forecast.html").read_text()
    assert "What if: 2027 2 of 10 places, 120,000 CAD;" in page
    assert '<td class="number">+60,000</td>' in page
    assert (tmp_path / "forecast.xlsx").read_bytes().startswith(b"PK")
    assert "| 2027 | difference |" in (tmp_path / "forecast.md").read_text()
    rows = (tmp_path / "forecast.csv").read_text().splitlines()
    assert rows[0].startswith("case,year,active,held,most,dormant,staff,decisions,cap,currency")
    assert [row.split(",")[0] for row in rows[1:]] == [
        *["present"] * 6,
        *["what_if"] * 6,
        *["difference"] * 5,
    ]


@pytest.mark.parametrize("years", ["0", "31", "two"])
def test_what_can_not_be_asked_is_told(cli: Cli, running: Ref, years: str) -> None:
    """An agreement that runs already, one that there is not, a span that is none."""
    cli("forecast", "--years", years).badly(2)
    [error] = cli("forecast", "--with", running, json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("not_ahead", "--with")
    cli("forecast", "--without", "TOR-2026-999").badly(2)
