"""The files that the product ships: policies, three forms, and Toronto's portfolio."""

import csv
import re
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from guards.case import Case
from guards.policy import Attachments, Deadlines, TermYears, Vocabulary, Waivers
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

TORONTO = ("toronto-2005", "toronto-2018", "toronto-2024")
CITIES = (
    "brampton-2018",
    "calgary-1995",
    "clarington-2015",
    "markham-1998",
    "pickering-2014",
    "windsor-2024",
)
OTHERS = ("sister-cities-international-2021",)
PROFILES = ("profile-museum", "profile-university")
NAMES = (*TORONTO, *CITIES, *OTHERS, *PROFILES)
PROPOSAL_TO_SIGNING = (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN)


def sample(name: str) -> dict[str, Any]:
    """Return a sample file as the product reads it."""
    return tomllib.loads((SAMPLES / name).read_text(encoding="utf-8"), parse_float=Decimal)


def portfolio() -> list[dict[str, str]]:
    """Return the rows of Toronto's portfolio."""
    with (SAMPLES / "toronto.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text_of(name: str) -> str:
    """Return a shipped policy's file."""
    return (POLICIES / f"{name}.toml").read_text(encoding="utf-8")


def heading_of(name: str) -> str:
    """Return what a policy's file says before its first rule."""
    return text_of(name).split("\n\n")[0]


def asked(name: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what a policy's checklist asks: before which trigger, of which types."""
    return {each.code: (each.trigger, each.types) for each in shipped(name).conditions}


def test_policies_of_programs_and_profiles_are_shipped() -> None:
    """A program's is named after it and its year, a profile as what it is."""
    assert sorted(path.stem for path in POLICIES.iterdir()) == sorted(NAMES)
    for name in {*NAMES} - {*PROFILES}:
        assert re.fullmatch(r"[a-z-]+-(19|20)\d\d", name)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_policy_is_valid_and_says_where_it_comes_from(name: str) -> None:
    """It passes its own check, and begins with what it is, its sources, and what is not known."""
    rules = read_policy(tomllib.loads(text_of(name), parse_float=Decimal))
    assert rules.program.source
    heading = heading_of(name).replace("\n#", "")
    assert heading.startswith("# ")
    for part in ("What this is.", "ources", "What is not known"):
        assert part in heading


def test_programs_have_codes_of_their_own() -> None:
    """References of two programs can't be mistaken; Toronto's three are one program."""
    codes = {name: shipped(name).program.code for name in NAMES}
    assert {codes[name] for name in TORONTO} == {"TOR"}
    others = [code for name, code in codes.items() if name not in TORONTO]
    assert len({*others, "TOR"}) == len(others) + 1


@pytest.mark.parametrize("name", PROFILES)
def test_profile_says_that_it_is_nobodys_rules(name: str) -> None:
    """It has no source, and says so where it begins and where a reader looks it up."""
    heading = " ".join(heading_of(name).replace("\n#", "").split())
    assert "profile to start from and not a real institution's rules" in heading
    assert "Sources. None" in heading
    assert shipped(name).program.source == "A profile to start from; no institution's rules"
    assert shipped(name).vocabulary.project_kinds != policy().vocabulary.project_kinds


@pytest.mark.parametrize("name", NAMES)
def test_shipped_policy_has_no_figure_of_money_but_torontos(name: str) -> None:
    """No source states another budget or signing limit, so none is filled in."""
    rules = shipped(name)
    assert bool(rules.program.budget) == (name == "toronto-2018")
    assert rules.signs_up_to is None
    assert [body.signs_up_to for body in rules.bodies if body.signs_up_to is not None] == []


def test_rules_of_toronto_2005_are_conditions() -> None:
    """What the sources of December 2005 ask of a candidate."""
    assert asked("toronto-2005") == {
        "no_other_canadian_partner": ("accept", ()),
        "federal_relations": ("accept", ()),
        "one_per_region": ("accept", ()),
        "budget_cycle": ("accept", ()),
        "community_fundraising": ("accept", ("friendship",)),
    }


def test_who_signs_in_toronto_2024_depends_on_the_type() -> None:
    """The Mayor no project, a division head no partnership city, the City Manager both."""
    signs = {body.name: body.types for body in shipped("toronto-2024").bodies}
    assert signs == {
        "City Council": (),
        "Mayor": ("partnership_city",),
        "City Manager": ("partnership_city", "international_project"),
        "Deputy City Manager": ("international_project",),
        "Division Head": ("international_project",),
    }


@pytest.mark.parametrize(
    ("name", "types", "creatable"),
    [
        ("brampton-2018", "sister_city mou", "mou"),
        ("calgary-1995", "sister_city", "sister_city"),
        ("clarington-2015", "partner_city friendship_city", "partner_city friendship_city"),
        ("markham-1998", "sister_city", "sister_city"),
        ("pickering-2014", "partner_city friendship_city", "partner_city friendship_city"),
        ("sister-cities-international-2021", "sister_city", "sister_city"),
        ("windsor-2024", "twin_city friendship", "twin_city friendship"),
    ],
)
def test_other_programs_have_the_types_of_their_sources(
    name: str, types: str, creatable: str
) -> None:
    """And no cap, since none of them states one."""
    rules = shipped(name)
    assert list(rules.types) == types.split()
    assert list(rules.creatable) == creatable.split()
    assert rules.cap is None


def test_windsors_friendship_lasts_five_years() -> None:
    """As was proposed; its twin cities have no end."""
    types = shipped("windsor-2024").types
    assert types["friendship"].term_years == TermYears(max=5, min=5)
    assert types["twin_city"].open_ended


def test_bramptons_memorandum_has_an_end() -> None:
    """A termination date is asked for; how far away it may be is not stated."""
    mou = shipped("brampton-2018").types["mou"]
    assert (mou.open_ended, mou.term_years) == (False, TermYears(max=99))


def test_pickerings_types_have_different_parents() -> None:
    """Council endorses the one, the Mayor initiates the other."""
    assert asked("pickering-2014") == {
        "initiated_by_mayor": ("submit", ("friendship_city",)),
        "council_endorsed": ("sign", ("partner_city",)),
    }


def test_calgarys_path_is_walked_in_its_order() -> None:
    """From a community organisation to a motion of Council."""
    assert asked("calgary-1995") == {
        "community_organisation": ("submit", ()),
        "economic_development_ceo": ("accept", ()),
        "mayors_office": ("accept", ()),
        "council_motion": ("sign", ()),
    }


def test_markhams_three_criteria_are_scored() -> None:
    """None of them may go unscored."""
    items = shipped("markham-1998").criteria.items
    assert [item.code for item in items if item.mandatory] == [
        "mutual_interest",
        "long_term_commitment",
        "financial_support",
    ]


def test_sister_city_ends_where_a_community_says_so() -> None:
    """The grounds are who indicated it."""
    rules = shipped("sister-cities-international-2021")
    assert rules.vocabulary.grounds == (
        "indicated_by_one_community",
        "indicated_by_both_communities",
    )


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
    known = {code for name in TORONTO for code in shipped(name).types}
    for row in portfolio():
        assert row["type"] in known | {""}
        assert not row["signed"] or str(PartialDate.parse(row["signed"])) == row["signed"]
    assert sum(not row["type"] for row in portfolio()) == 7
    assert sum(not row["signed"] for row in portfolio()) == 5
