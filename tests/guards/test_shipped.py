"""The files that the product ships: three policies, three forms, and Toronto's portfolio."""

import csv
import re
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from guards.case import Case
from guards.policy import Attachments, Deadlines, Vocabulary, Waivers
from guards.policy_check import read_policy
from guards.registry import judge
from guards.words import check_agreement, check_evaluation, check_scores
from states.agreement import Agreement
from states.calendar import PartialDate
from states.records import Evaluation, ScoreSheet
from states.schema import read
from states.table import BY_TRIGGER
from states.vocabulary import Guard, State, Trigger
from tests.builders import POLICIES, SAMPLES, case, facts, policy, shipped, unmet

NAMES = ("toronto-2005", "toronto-2018", "toronto-2024")
PROPOSAL_TO_SIGNING = (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN)


def sample(name: str) -> dict[str, Any]:
    """Return a sample file as the product reads it."""
    return tomllib.loads((SAMPLES / name).read_text(encoding="utf-8"), parse_float=Decimal)


def portfolio() -> list[dict[str, str]]:
    """Return the rows of Toronto's portfolio."""
    with (SAMPLES / "toronto.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_three_policies_are_shipped() -> None:
    """Each is named after its city and year."""
    assert sorted(path.stem for path in POLICIES.iterdir()) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_policy_is_valid_and_says_where_it_comes_from(name: str) -> None:
    """It passes its own check, and begins with what it is."""
    text = (POLICIES / f"{name}.toml").read_text(encoding="utf-8")
    rules = read_policy(tomllib.loads(text, parse_float=Decimal))
    assert rules.program.code == "TOR"
    assert rules.program.source
    assert text.startswith("# Toronto")
    assert "not known" in text


@pytest.mark.parametrize(
    ("name", "types", "cap"),
    [
        ("toronto-2005", "partnership friendship", 10),
        ("toronto-2018", "partnership friendship mou", 10),
        ("toronto-2024", "partnership_city international_project historical", None),
    ],
)
def test_shipped_policy_has_the_types_and_cap_of_its_year(
    name: str, types: str, cap: int | None
) -> None:
    """What the sources say of each year, and no cap where they say none."""
    rules = shipped(name)
    assert list(rules.types) == types.split()
    assert (rules.cap.at_most if rules.cap else None) == cap


def test_mou_of_2018_is_taken_over_and_never_created() -> None:
    """It has no term, a review each year, and no place under the cap."""
    mou = policy().types["mou"]
    assert (mou.open_ended, mou.review_months, mou.counts, mou.may_be_created) == (
        True,
        12,
        False,
        False,
    )


@pytest.mark.parametrize("code", ["partnership", "friendship"])
def test_terms_of_2018_are_three_to_five_years(code: str) -> None:
    """As the report has it, and only friendships ask for a councillor."""
    kind = policy().types[code]
    assert kind.term_years is not None
    assert (kind.term_years.min, kind.term_years.max) == (3, 5)
    assert kind.endorsement == (code == "friendship")


def test_only_budget_is_that_of_2017() -> None:
    """The one figure that there is."""
    assert policy().program.budget == {"2017": Decimal(900_000)}


def test_what_2018_writes_out_is_what_holds_if_it_is_left_out() -> None:
    """Where the file says "Else: as here", it is so."""
    rules = policy()
    assert rules.vocabulary == Vocabulary()
    assert rules.deadlines == Deadlines()
    assert rules.waivers == Waivers()
    assert rules.attachments == Attachments()


def test_international_project_of_2024_lasts_three_years_at_most() -> None:
    """There is no shortest term, and no review without an end."""
    bounds = shipped("toronto-2024").types["international_project"].term_years
    assert bounds is not None
    assert (bounds.min, bounds.max) == (0, 3)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lapses_under_any_shipped_policy(name: str) -> None:
    """An undecided agreement waits for a named person."""
    assert not any(kind.lapse for kind in shipped(name).types.values())


def judged(trigger: Trigger, agreement: Agreement) -> Case:
    """Return the case of the sample agreement."""
    return case(trigger, of=agreement, among=facts())


def test_sample_agreement_is_a_fresh_proposal_that_can_be_signed_as_it_stands() -> None:
    """Who hands it in unchanged passes from proposal to signing under Toronto's policy."""
    agreement = read(Agreement, sample("agreement.toml"))
    check_agreement(agreement, policy())
    for trigger in PROPOSAL_TO_SIGNING:
        verdicts = judge(BY_TRIGGER[trigger].guards, judged(trigger, agreement))
        assert all(verdict.outcome == "met" for verdict in verdicts)


def test_sample_agreement_names_every_key_of_the_document() -> None:
    """What a document may hold can be learned from the sample, commented out or not."""
    text = (SAMPLES / "agreement.toml").read_text(encoding="utf-8")
    assert [key for key in Agreement.__dataclass_fields__ if key not in text] == []


def test_commented_keys_of_the_sample_agreement_are_valid_too() -> None:
    """Taking the # from any example of the sample gives a document that is still read."""
    text = (SAMPLES / "agreement.toml").read_text(encoding="utf-8")
    assert set(re.findall(r"^# \[+([a-z_]+)\]", text, flags=re.MULTILINE)) == {
        "endorsement",
        "obligations",
        "signatures",
        "contacts",
        "conditions",
        "taken_over",
    }
    all_taken = re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    agreement = read(Agreement, tomllib.loads(all_taken, parse_float=Decimal))
    check_agreement(agreement, policy())
    assert agreement.taken_over is not None
    assert agreement.contacts
    assert agreement.obligations


def test_sample_score_sheet_scores_nothing_until_it_is_filled_in() -> None:
    """Handing the form in unfilled accepts no proposal."""
    sheet = read(ScoreSheet, sample("scores.toml"))
    check_scores(sheet, policy())
    at = case(Trigger.ACCEPT, among=facts(scores=sheet))
    assert unmet(Guard.CRITERIA_SCORED, at) == ["scores.mandatory_missing"] * 2
    assert unmet(Guard.FACTORS_ANSWERED, at) == ["factor.unanswered"] * 5


def test_sample_score_sheet_has_a_line_for_each_criterion_of_the_policy() -> None:
    """Filled in, it scores what the policy asks, in the policy's words."""
    text = (SAMPLES / "scores.toml").read_text(encoding="utf-8")
    filled = text
    for item in policy().criteria.items:
        assert item.question in text
        filled = filled.replace(f"# {item.code} =", f"{item.code} =")
    sheet = read(ScoreSheet, tomllib.loads(filled))
    check_scores(sheet, policy())
    assert set(sheet.scores) == {item.code for item in policy().criteria.items}


def test_sample_evaluation_fits_the_sample_agreement_and_judges_nothing_yet() -> None:
    """Handing the form in unfilled renews nothing."""
    agreement = read(Agreement, sample("agreement.toml"))
    sheet = read(Evaluation, sample("evaluation.toml"))
    check_evaluation(sheet, agreement)
    assert unmet(
        Guard.EVALUATED, case(Trigger.RENEW, of=agreement, among=facts(evaluation=sheet))
    ) == [
        "evaluation.agreement",
        "evaluation.project",
        "evaluation.value",
    ]


def test_portfolio_has_twenty_rows_with_a_source_each() -> None:
    """Partner, country and title are known of all; every row says where it is from."""
    rows = portfolio()
    assert len(rows) == 20
    for row in rows:
        assert row["partner"]
        assert row["title"]
        assert row["source"]
        assert len(row["country"]) == 2


def test_portfolio_fills_the_cap_of_ten() -> None:
    """Four partnerships and six friendships count; the MOU does not."""
    active = [row["type"] for row in portfolio() if row["status"] == State.ACTIVE]
    assert active.count("partnership") + active.count("friendship") == 10
    assert active.count("mou") == 1


def test_portfolio_leaves_blank_what_is_not_known() -> None:
    """Types are codes of a shipped policy or blank, signing dates as exact as they are known."""
    known = {code for name in NAMES for code in shipped(name).types}
    for row in portfolio():
        assert row["type"] in known | {""}
        assert not row["signed"] or str(PartialDate.parse(row["signed"])) == row["signed"]
    assert sum(not row["type"] for row in portfolio()) == 7
    assert sum(not row["signed"] for row in portfolio()) == 5
