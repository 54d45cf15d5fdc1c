"""A policy file with one thing wrong: each problem by its code and key, and all at once."""

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from guards.policy import NEVER_WAIVED, UNSIGNED
from guards.policy_check import LONGEST_TERM_YEARS, read_policy
from states.problem import InvalidInputError, Problem
from states.vocabulary import Guard, Severity, Trigger

SMALL = """
[program]
name = "Program"
code = "TOR"
time_zone = "America/Toronto"
currency = "CAD"
[types.partnership]
title = "Partnership"
term_years = { min = 3, max = 5 }
"""


def problems_of(more: str = "", *, base: str = SMALL) -> list[tuple[str, str | None]]:
    """Return code and key of all that is wrong with a policy to which something is added."""
    data = tomllib.loads(more + base, parse_float=Decimal)
    return [(p.code, p.key) for p in refused(data)]


def refused(data: dict[str, Any]) -> tuple[Problem, ...]:
    """Return the problems with which a policy is refused."""
    with pytest.raises(InvalidInputError) as caught:
        read_policy(data, file="policy.toml")
    assert {problem.file for problem in caught.value.problems} == {"policy.toml"}
    return caught.value.problems


def replaced(old: str, new: str) -> list[tuple[str, str | None]]:
    """Return what is wrong once a piece of the small policy is another."""
    assert SMALL.count(old) == 1
    return problems_of(base=SMALL.replace(old, new))


def added(table: str) -> list[tuple[str, str | None]]:
    """Return what is wrong once a table is added to the small policy."""
    return problems_of(base=SMALL + table)


def test_smallest_policy_is_valid_and_has_the_reports_defaults() -> None:
    """A program and one type are enough; all else has its default."""
    policy = read_policy(tomllib.loads(SMALL))
    assert policy.cap is None
    assert policy.projects_per_year == 2
    assert "dormant" in policy.vocabulary.grounds


def test_schema_problems_come_before_what_holds_between_keys() -> None:
    """A file that is no policy at all is told so with all its schema errors."""
    assert problems_of("dormancy = 3\n", base="[program]\nname = 'P'\n") == [
        ("unknown_key", "dormancy"),
        ("missing_key", "program.code"),
        ("missing_key", "program.time_zone"),
        ("missing_key", "program.currency"),
        ("missing_key", "types"),
    ]


@pytest.mark.parametrize("code", ["", "T", "tor", "1OR", "TO-R", "TÖR", "ABCDEFGHIJK"])
def test_program_code_is_two_to_ten_capitals_and_digits(code: str) -> None:
    """It begins every reference, so it has a strict form."""
    assert replaced('code = "TOR"', f'code = "{code}"') == [("bad_code", "program.code")]


@pytest.mark.parametrize("code", ["AB", "T0", "ABCDEFGHIJ"])
def test_program_code_at_its_edges_is_taken(code: str) -> None:
    """Two and ten characters are both allowed."""
    assert read_policy(tomllib.loads(SMALL.replace("TOR", code))).program.code == code


@pytest.mark.parametrize("currency", ["cad", "CA", "C4D", "CADS", ""])
def test_currency_is_three_capital_letters(currency: str) -> None:
    """An ISO code, so that amounts can be compared."""
    assert replaced('"CAD"', f'"{currency}"') == [("bad_code", "program.currency")]


def test_countries_are_two_capital_letters() -> None:
    """Home and the regions' members are named as documents name countries."""
    home = replaced('currency = "CAD"', 'currency = "CAD"\nhome_country = "Canada"')
    assert home == [("bad_code", "program.home_country")]
    assert added('[regions]\nasia = ["CN", "jp"]') == [("bad_code", "regions.asia[1]")]


def test_leap_day_is_one_of_two() -> None:
    """No third rule is known to the calendar."""
    found = replaced('currency = "CAD"', 'currency = "CAD"\nleap_day = "march-2"')
    assert found == [("not_allowed", "program.leap_day")]


@pytest.mark.parametrize("year", ["27", "20277", "year", "²027"])
def test_budget_is_by_year(year: str) -> None:
    """A budget's name is a year of four digits."""
    assert added(f'[program.budget]\n"{year}" = 1') == [("bad_year", f"program.budget.{year}")]


def test_budget_and_signing_limit_are_not_below_zero() -> None:
    """Money that can't be spent is no budget."""
    assert added("[program.budget]\n2027 = -1") == [("out_of_range", "program.budget.2027")]
    assert added("[[bodies]]\nname = 'Council'\nsigns_up_to = -0.01") == [
        ("out_of_range", "bodies[0].signs_up_to")
    ]


def test_policy_names_at_least_one_type() -> None:
    """Without a type no agreement could be made or taken over."""
    base = SMALL[: SMALL.index("[types")] + "[types]\n"
    assert problems_of(base=base) == [("missing_key", "types")]


@pytest.mark.parametrize("code", ["", "a b", "a:b", "__"])
def test_codes_are_letters_digits_and_dashes(code: str) -> None:
    """They are written in commands, so they hold no blanks and no colons."""
    assert added(f'[types."{code}"]\ntitle = "T"\nterm_years = {{ max = 3 }}')[0][0] == "bad_code"
    assert added(f'[[limits]]\ncode = "{code}"\nat_most = 1') == [("bad_code", "limits[0].code")]
    condition = f'[[conditions]]\ncode = "{code}"\nquestion = "?"\ntrigger = "sign"'
    assert added(condition) == [("bad_code", "conditions[0].code")]
    criterion = f'[criteria]\nversion = "1"\n[[criteria.items]]\ncode = "{code}"\nquestion = "?"'
    assert added(criterion) == [("bad_code", "criteria.items[0].code")]


def test_type_has_a_term_or_is_open_ended_with_a_review() -> None:
    """No type is without a juncture."""
    term = "term_years = { min = 3, max = 5 }"
    assert replaced(term, "") == [("missing_key", "types.partnership.term_years")]
    assert replaced(term, "open_ended = true") == [
        ("missing_key", "types.partnership.review_months")
    ]


@pytest.mark.parametrize(
    "years", ["{ min = 5, max = 3 }", "{ min = -1, max = 3 }", "{ max = 100 }"]
)
def test_term_years_are_a_range(years: str) -> None:
    """The shortest is not above the longest, nor either outside 0 to 99."""
    assert replaced("{ min = 3, max = 5 }", years) == [
        ("out_of_range", "types.partnership.term_years")
    ]


def test_term_years_at_their_edges_are_taken() -> None:
    """From no shortest to 99 years."""
    text = SMALL.replace("{ min = 3, max = 5 }", f"{{ max = {LONGEST_TERM_YEARS} }}")
    bounds = read_policy(tomllib.loads(text)).types["partnership"].term_years
    assert bounds is not None
    assert (bounds.min, bounds.max) == (0, 99)


@pytest.mark.parametrize("months", [-1, 1189])
def test_review_months_are_a_range(months: int) -> None:
    """A review comes within 99 years, and not before today."""
    found = replaced(
        "term_years = { min = 3, max = 5 }", f"open_ended=true\nreview_months={months}"
    )
    assert found == [("out_of_range", "types.partnership.review_months")]


@pytest.mark.parametrize("where", ["guards", "types.partnership.guards"])
@pytest.mark.parametrize("guard", ["smart_complete", "resourced", "time_bound", "second_person"])
def test_four_guards_are_never_off(where: str, guard: str) -> None:
    """Neither for one type nor for all, though they may warn."""
    assert added(f'[{where}]\n{guard} = "off"') == [("never_off", f"{where}.{guard}")]
    warned = read_policy(tomllib.loads(SMALL + f'[{where}]\n{guard} = "warn"'))
    assert warned.severity(Guard(guard), "partnership", Trigger.SIGN) is Severity.WARN


@pytest.mark.parametrize("where", ["guards", "types.partnership.guards"])
def test_guard_that_does_not_exist_is_told(where: str) -> None:
    """A slip in a guard's name would leave the guard as it is, unseen."""
    assert added(f'[{where}]\nendorsd = "off"') == [("not_allowed", f"{where}.endorsd")]


def test_cap_and_limits_are_not_below_zero() -> None:
    """Zero is a limit, less is none."""
    assert added("[cap]\nat_most = -1") == [("out_of_range", "cap.at_most")]
    assert added("[[limits]]\ncode = 'a'\nat_most = -1") == [("out_of_range", "limits[0].at_most")]


def test_limit_is_per_something_known_and_for_known_types() -> None:
    """What can't be counted can't be limited."""
    limit = "[[limits]]\ncode = 'a'\nat_most = 1\nper = 'month'\ntypes = ['other']"
    assert added(limit) == [("not_allowed", "limits[0].per"), ("not_allowed", "limits[0].types")]


def test_projects_per_year_are_at_least_one() -> None:
    """A program that may start no project has no agreements."""
    assert problems_of("projects_per_year = 0\n") == [("out_of_range", "projects_per_year")]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[[limits]]\ncode='a'\nat_most=1\n" * 2, "limits"),
        ("[[conditions]]\ncode='a'\nquestion='?'\ntrigger='sign'\n" * 2, "conditions"),
        (
            "[criteria]\nversion='1'\n" + "[[criteria.items]]\ncode='a'\nquestion='?'\n" * 2,
            "criteria.items",
        ),
        ("[[bodies]]\nname='Council'\n" * 2, "bodies"),
    ],
)
def test_code_that_stands_twice_is_told(table: str, key: str) -> None:
    """Two rules under one name could not be told apart on the log."""
    assert added(table) == [("repeated", key)]


def test_criteria_have_a_version() -> None:
    """Scores are comparable only within one version."""
    assert added("[[criteria.items]]\ncode = 'a'\nquestion = '?'") == [
        ("missing_key", "criteria.version")
    ]


def test_scale_goes_upwards() -> None:
    """The highest score is above the lowest."""
    assert added("[criteria]\nlowest = 5\nhighest = 5") == [("out_of_range", "criteria.highest")]


def test_weight_is_at_least_one() -> None:
    """A criterion that weighs nothing is none."""
    item = "[criteria]\nversion='1'\n[[criteria.items]]\ncode='a'\nquestion='?'\nweight = 0"
    assert added(item) == [("out_of_range", "criteria.items[0].weight")]


@pytest.mark.parametrize("trigger", ["expire", "lapse"])
def test_checklist_holds_up_no_trigger_that_only_the_system_pulls(trigger: str) -> None:
    """What runs unattended must not wait for an answer that nobody gives."""
    condition = f"[[conditions]]\ncode = 'a'\nquestion = '?'\ntrigger = '{trigger}'"
    assert added(condition) == [("not_allowed", "conditions[0].trigger")]


def test_words_that_speak_for_a_type_are_the_policys_own() -> None:
    """Objectives, projects, parties, origins, roles and goals; no other word can be stated."""
    words = 'serves = ["grow_trade", "museum", "profit"]'
    assert problems_of(base=f"{SMALL}{words}") == [("not_allowed", "types.partnership.serves[2]")]


def test_checklist_is_for_known_types() -> None:
    """A condition for a type that does not exist would never be asked."""
    condition = "[[conditions]]\ncode='a'\nquestion='?'\ntrigger='sign'\ntypes=['other']"
    assert added(condition) == [("not_allowed", "conditions[0].types")]


@pytest.mark.parametrize("answers", ["[]", '["yes", ""]'])
def test_condition_can_be_met_and_not_by_silence(answers: str) -> None:
    """No answers could never be met, a blank one always."""
    condition = f"[[conditions]]\ncode='a'\nquestion='?'\ntrigger='sign'\nanswers={answers}"
    assert added(condition) == [("missing_key", "conditions[0].answers")]


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("evaluation_window_months", 1, 1188),
        ("takeover_review_months", 1, 1188),
        ("dormancy_months", 1, 1188),
        ("backdating_days", 0, 36_234),
        ("lapse_notice_days", 0, 36_234),
        ("deferral_days", 1, 36_234),
        ("approval_days", 1, 36_234),
    ],
)
def test_period_stays_in_the_calendar(name: str, least: int, most: int) -> None:
    """No period is so long that a date counted with it could not be written."""
    for value in (least - 1, most + 1):
        assert problems_of(f"{name} = {value}\n") == [("out_of_range", name)]
    for value in (least, most):
        assert getattr(read_policy(tomllib.loads(f"{name} = {value}\n{SMALL}")), name) == value


def test_notices_name_rules_days_and_recipients_that_there_are() -> None:
    """A slip would leave somebody without a notice, and nobody would miss it."""
    assert added("[notices]\nbefore = { term_over = [0], other = [3] }") == [
        ("out_of_range", "notices.before.term_over[0]"),
        ("not_allowed", "notices.before.other"),
    ]
    assert added("[notices]\nrepeat = { dormant = -1, other = 7 }") == [
        ("out_of_range", "notices.repeat.dormant"),
        ("not_allowed", "notices.repeat.other"),
    ]
    assert added("[notices]\nto = { dormant = ['boss'] }\nlouder = ['mayor']") == [
        ("not_allowed", "notices.to.dormant[0]"),
        ("not_allowed", "notices.louder[0]"),
    ]


def test_body_signs_types_that_there_are() -> None:
    """A slip in a type's name would leave the body without anything to sign."""
    body = "[[bodies]]\nname = 'Council'\ntypes = ['partnership', 'other']"
    assert added(body) == [("not_allowed", "bodies[0].types")]


def test_nobody_signs_for_less_than_nothing() -> None:
    """Neither a body nor a decider without one; nothing at all is a limit."""
    assert problems_of("signs_up_to = -1\n") == [("out_of_range", "signs_up_to")]
    assert added("[[bodies]]\nname = 'Council'\nsigns_up_to = -1") == [
        ("out_of_range", "bodies[0].signs_up_to")
    ]
    assert read_policy(tomllib.loads(f"signs_up_to = 0\n{SMALL}")).signs_up_to == 0


@pytest.mark.parametrize(
    ("roles", "code"),
    [("[]", "missing_key"), ("['admin']", "not_allowed"), ("['staff', 'auditor']", "not_allowed")],
)
def test_bodys_decision_is_recorded_by_staff_or_decider(roles: str, code: str) -> None:
    """Who keeps the system or audits it enters no decision, and somebody has to."""
    body = f"[[bodies]]\nname = 'Council'\nrecorded_by = {roles}"
    assert added(body) == [(code, "bodies[0].recorded_by")]


@pytest.mark.parametrize("role", ["auditor", "admin", "scheduler"])
def test_conditions_are_waived_by_staff_or_decider(role: str) -> None:
    """Nobody else may let an agreement pass."""
    assert added(f"[waivers]\nby = '{role}'") == [("not_allowed", "waivers.by")]
    rules = read_policy(tomllib.loads(SMALL + "[waivers]\nby = 'staff'\nguards = []"))
    assert (rules.waivers.by, rules.waivers.guards) == ("staff", ())


@pytest.mark.parametrize("guard", sorted(NEVER_WAIVED))
def test_what_is_never_waived_can_not_be_named(guard: str) -> None:
    """What SMART asks for, the second person, and plain facts."""
    waivers = f"[waivers]\nguards = ['endorsed', '{guard}']"
    assert added(waivers) == [("never_waived", "waivers.guards[1]")]


@pytest.mark.parametrize(("key", "most"), [("largest_mb", 100), ("at_most", 1_000)])
def test_attachments_stay_in_bounds(key: str, most: int) -> None:
    """At least one file, of at least a megabyte, and no more than a database can carry."""
    for value in (0, most + 1):
        assert added(f"[attachments]\n{key} = {value}") == [("out_of_range", f"attachments.{key}")]
    for value in (1, most):
        rules = read_policy(tomllib.loads(f"{SMALL}[attachments]\n{key} = {value}"))
        assert getattr(rules.attachments, key) == value


@pytest.mark.parametrize("ending", ["pdf", ".PDF", ".", "", ".p/f", ". "])
def test_ending_is_a_dot_and_small_letters(ending: str) -> None:
    """Otherwise no file would ever have it."""
    assert added(f"[attachments]\nendings = ['.txt', '{ending}']") == [
        ("bad_ending", "attachments.endings[1]")
    ]
    double = read_policy(tomllib.loads(f"{SMALL}[attachments]\nendings = ['.tar.gz']"))
    assert double.attachments.endings == (".tar.gz",)


def test_register_lists_only_states_of_what_was_never_signed() -> None:
    """What was signed is public anyway; a policy can't take it off the register."""
    named = "states = ['proposal', 'decision', 'negotiation', 'declined']"
    rules = read_policy(tomllib.loads(f"{SMALL}[publishing]\n{named}"))
    assert rules.publishing.states == UNSIGNED
    assert added("[publishing]\nstates = ['proposal', 'active', 'proposal']") == [
        ("not_allowed", "publishing.states[1]"),
        ("repeated", "publishing.states"),
    ]


def test_register_has_languages_that_it_can_be_made_in() -> None:
    """At least one, none twice; where nothing is said, all of them."""
    assert read_policy(tomllib.loads(SMALL)).publishing.languages == ("en", "fr")
    assert added("[publishing]\nlanguages = []") == [("missing_key", "publishing.languages")]
    assert added("[publishing]\nlanguages = ['fr', 'de', 'fr']") == [
        ("not_allowed", "publishing.languages[1]"),
        ("repeated", "publishing.languages"),
    ]


@pytest.mark.parametrize("name", ["decision", "negotiation", "evaluation", "renewal"])
@pytest.mark.parametrize("days", [0, 36_235])
def test_deadline_stays_in_the_calendar(name: str, days: int) -> None:
    """A decision is owed at the earliest tomorrow."""
    assert added(f"[deadlines]\n{name}_days = {days}") == [
        ("out_of_range", f"deadlines.{name}_days")
    ]


def test_agreements_in_flight_keep_or_take_the_new_policy() -> None:
    """There are two ways, and no third."""
    assert problems_of('in_flight = "some"\n') == [("not_allowed", "in_flight")]


def test_all_problems_of_a_policy_are_told_at_once() -> None:
    """Who mends a policy sees everything in one go, with what is allowed."""
    data = tomllib.loads('in_flight = "some"\nbackdating_days = -1\n' + SMALL.replace("TOR", "x"))
    problems = refused(data)
    assert [p.key for p in problems] == ["program.code", "backdating_days", "in_flight"]
    assert problems[-1].allowed == ("keep", "new")
