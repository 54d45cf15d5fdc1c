"""What must hold between the keys of a policy, beyond each key's own type (R54)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from guards.policy import (
    DECIDES,
    LANGUAGES,
    NEVER_OFF,
    NEVER_WAIVED,
    UNSIGNED,
    WAIVABLE,
    AgreementType,
    Policy,
)
from guards.policy_notices import OWNER
from states.problem import InvalidInputError, Problem
from states.schema import read
from states.table import TRANSITIONS
from states.vocabulary import Guard, Role, Rule, Severity

LONGEST_TERM_YEARS = 99
_MOST_MONTHS = 12 * LONGEST_TERM_YEARS
_MOST_DAYS = 366 * LONGEST_TERM_YEARS
_PER = ("program", "year", "country", "region")
_LEAP_DAYS = ("february-28", "march-1")
_IN_FLIGHT = ("keep", "new")
_LARGEST_MB = 100
_MOST_ATTACHMENTS = 1_000
_CODE_LENGTHS = range(2, 11)
_COUNTRY_LETTERS = 2
_CURRENCY_LETTERS = 3
_RECIPIENTS = (OWNER, *Role)
_BY_PEOPLE = tuple(t.trigger for t in TRANSITIONS if t.by != (Role.SCHEDULER,))


def read_policy(data: Mapping[str, Any], *, file: str | None = None) -> Policy:
    """Return the policy that a TOML mapping states; raises InvalidInputError with all problems."""
    policy = read(Policy, data, file=file)
    problems = [
        Problem(code, message, file, None, key, tuple(allowed))
        for key, code, message, allowed in _problems(policy)
    ]
    if problems:
        raise InvalidInputError(problems)
    return policy


_Finding = tuple[str, str, str, Iterable[str]]


def _problems(policy: Policy) -> Iterator[_Finding]:
    yield from _program(policy)
    yield from _types(policy)
    yield from _guards(policy.guards, "guards")
    yield from _bodies(policy)
    yield from _waivers(policy)
    yield from _attachments(policy)
    yield from _publishing(policy)
    yield from _notices(policy)
    yield from _limits(policy)
    yield from _criteria(policy)
    yield from _conditions(policy)
    yield from _periods(policy)
    yield from _repeated(policy)
    yield from _among(policy.in_flight, _IN_FLIGHT, "in_flight")


def _program(policy: Policy) -> Iterator[_Finding]:
    code = policy.program.code
    well_formed = code.isascii() and code.isalnum() and code.isupper() and code[0].isalpha()
    if not well_formed or len(code) not in _CODE_LENGTHS:
        message = f"{code!r} is not a code of 2 to 10 capital letters and digits"
        yield "program.code", "bad_code", message, ()
    yield from _letters(policy.program.currency, _CURRENCY_LETTERS, "program.currency")
    yield from _letters(policy.program.home_country, _COUNTRY_LETTERS, "program.home_country")
    for region, members in policy.regions.items():
        for index, country in enumerate(members):
            yield from _letters(country, _COUNTRY_LETTERS, f"regions.{region}[{index}]")
    yield from _among(policy.program.leap_day, _LEAP_DAYS, "program.leap_day")
    for year, amount in policy.program.budget.items():
        if not (year.isascii() and year.isdecimal() and len(year) == len("2027")):
            yield f"program.budget.{year}", "bad_year", f"{year!r} is not a year like 2027", ()
        yield from _not_negative(amount, f"program.budget.{year}")


def _bodies(policy: Policy) -> Iterator[_Finding]:
    yield from _not_negative(policy.signs_up_to, "signs_up_to")
    for index, body in enumerate(policy.bodies):
        path = f"bodies[{index}]"
        yield from _not_negative(body.signs_up_to, f"{path}.signs_up_to")
        yield from _known_types(policy, body.types, f"{path}.types")
        if not body.recorded_by:
            message = f"nobody could record what {body.name} decides"
            yield f"{path}.recorded_by", "missing_key", message, DECIDES
        for role in body.recorded_by:
            yield from _among(role, DECIDES, f"{path}.recorded_by")


def _waivers(policy: Policy) -> Iterator[_Finding]:
    yield from _among(policy.waivers.by, DECIDES, "waivers.by")
    for index, guard in enumerate(policy.waivers.guards):
        if guard in NEVER_WAIVED:
            message = f"no condition of {guard} is ever waived"
            yield f"waivers.guards[{index}]", "never_waived", message, WAIVABLE


def _attachments(policy: Policy) -> Iterator[_Finding]:
    rules = policy.attachments
    yield from _between(rules.largest_mb, 1, _LARGEST_MB, "attachments.largest_mb")
    yield from _between(rules.at_most, 1, _MOST_ATTACHMENTS, "attachments.at_most")
    for index, ending in enumerate(rules.endings):
        plain = ending.removeprefix(".").replace(".", "")
        if not (ending.startswith(".") and plain.isalnum() and ending == ending.lower()):
            message = f"{ending!r} is not an ending like .pdf, in small letters"
            yield f"attachments.endings[{index}]", "bad_ending", message, ()


def _publishing(policy: Policy) -> Iterator[_Finding]:
    rules = policy.publishing
    for index, state in enumerate(rules.states):
        if state not in UNSIGNED:
            message = f"{state} is public without being listed; listed is what was never signed"
            yield f"publishing.states[{index}]", "not_allowed", message, UNSIGNED
    if not rules.languages:
        yield "publishing.languages", "missing_key", "the register has a language", LANGUAGES
    for index, language in enumerate(rules.languages):
        yield from _among(language, LANGUAGES, f"publishing.languages[{index}]")


def _notices(policy: Policy) -> Iterator[_Finding]:
    notices = policy.notices
    for rule, days in notices.before.items():
        yield from _among(rule, tuple(Rule), f"notices.before.{rule}")
        for index, ahead in enumerate(days):
            yield from _between(ahead, 1, _MOST_DAYS, f"notices.before.{rule}[{index}]")
    for rule, days_between in notices.repeat.items():
        yield from _among(rule, tuple(Rule), f"notices.repeat.{rule}")
        yield from _between(days_between, 0, _MOST_DAYS, f"notices.repeat.{rule}")
    for rule, told in notices.to.items():
        yield from _among(rule, tuple(Rule), f"notices.to.{rule}")
        for index, name in enumerate(told):
            yield from _among(name, _RECIPIENTS, f"notices.to.{rule}[{index}]")
    for index, name in enumerate(notices.louder):
        yield from _among(name, _RECIPIENTS, f"notices.louder[{index}]")


def _types(policy: Policy) -> Iterator[_Finding]:
    if not policy.types:
        yield "types", "missing_key", "a policy names at least one agreement type", ()
    for code, kind in policy.types.items():
        yield from _code(code, f"types.{code}")
        yield from _type(kind, f"types.{code}")
        yield from _guards(kind.guards, f"types.{code}.guards")
        known = tuple(sorted(policy.words_of_use))
        for index, word in enumerate(kind.serves):
            yield from _among(word, known, f"types.{code}.serves[{index}]")


def _type(kind: AgreementType, path: str) -> Iterator[_Finding]:
    years = kind.term_years
    if years is None and not kind.open_ended:
        message = "state the term's years, or open_ended = true with review_months"
        yield f"{path}.term_years", "missing_key", message, ()
    if years is not None and not 0 <= years.min <= years.max <= LONGEST_TERM_YEARS:
        message = f"{years.min} to {years.max} years is not a range up to {LONGEST_TERM_YEARS}"
        yield f"{path}.term_years", "out_of_range", message, ()
    if kind.open_ended and not kind.review_months:
        message = "an open-ended type needs the months until its review"
        yield f"{path}.review_months", "missing_key", message, ()
    if kind.review_months is not None:
        yield from _between(kind.review_months, 1, _MOST_MONTHS, f"{path}.review_months")


def _guards(severities: Mapping[str, Severity], path: str) -> Iterator[_Finding]:
    for name, severity in severities.items():
        yield from _among(name, tuple(Guard), f"{path}.{name}")
        if severity is Severity.OFF and name in NEVER_OFF:
            message = f"{name} is never off"
            yield f"{path}.{name}", "never_off", message, (Severity.BLOCK, Severity.WARN)


def _limits(policy: Policy) -> Iterator[_Finding]:
    if policy.cap is not None:
        yield from _not_negative(policy.cap.at_most, "cap.at_most")
    for index, limit in enumerate(policy.limits):
        yield from _among(limit.per, _PER, f"limits[{index}].per")
        yield from _code(limit.code, f"limits[{index}].code")
        yield from _known_types(policy, limit.types, f"limits[{index}].types")
        yield from _not_negative(limit.at_most, f"limits[{index}].at_most")
    for name in ("projects_per_year", "priority_partnerships_per_year"):
        if (at_most := getattr(policy, name)) is not None and at_most < 1:
            yield name, "out_of_range", "at least 1 is expected", ()


def _conditions(policy: Policy) -> Iterator[_Finding]:
    for index, condition in enumerate(policy.conditions):
        path = f"conditions[{index}]"
        yield from _code(condition.code, f"{path}.code")
        yield from _among(condition.trigger, _BY_PEOPLE, f"{path}.trigger")
        yield from _known_types(policy, condition.types, f"{path}.types")
        if not condition.answers or not all(condition.answers):
            message = "a condition names the answers that meet it, none of them blank"
            yield f"{path}.answers", "missing_key", message, ()


def _periods(policy: Policy) -> Iterator[_Finding]:
    for name in ("evaluation_window_months", "takeover_review_months", "dormancy_months"):
        yield from _between(getattr(policy, name), 1, _MOST_MONTHS, name)
    for name in ("backdating_days", "lapse_notice_days", "publish_days", "annual_report_days"):
        yield from _between(getattr(policy, name), 0, _MOST_DAYS, name)
    for name in ("deferral_days", "approval_days"):
        yield from _between(getattr(policy, name), 1, _MOST_DAYS, name)
    for field in fields(policy.deadlines):
        days = getattr(policy.deadlines, field.name)
        yield from _between(1 if days is None else days, 1, _MOST_DAYS, f"deadlines.{field.name}")


def _repeated(policy: Policy) -> Iterator[_Finding]:
    for path, codes in (
        ("limits", [limit.code for limit in policy.limits]),
        ("conditions", [condition.code for condition in policy.conditions]),
        ("criteria.items", [item.code for item in policy.criteria.items]),
        ("bodies", [body.name for body in policy.bodies]),
        ("publishing.states", list(policy.publishing.states)),
        ("publishing.languages", list(policy.publishing.languages)),
    ):
        for code, count in Counter(codes).items():
            if count > 1:
                yield path, "repeated", f"{code} stands {count} times", ()


def _criteria(policy: Policy) -> Iterator[_Finding]:
    criteria = policy.criteria
    if criteria.items and not criteria.version:
        yield "criteria.version", "missing_key", "criteria have a version", ()
    if criteria.lowest >= criteria.highest:
        yield "criteria.highest", "out_of_range", "the highest score is above the lowest", ()
    for index, item in enumerate(criteria.items):
        yield from _code(item.code, f"criteria.items[{index}].code")
        if item.weight < 1:
            yield f"criteria.items[{index}].weight", "out_of_range", "a weight is at least 1", ()


def _known_types(policy: Policy, types: Iterable[str], path: str) -> Iterator[_Finding]:
    for name in types:
        yield from _among(name, tuple(policy.types), path)


def _code(code: str, path: str) -> Iterator[_Finding]:
    if not code.replace("_", "").replace("-", "").isalnum():
        yield path, "bad_code", f"{code!r} is not a code of letters, digits, _ and -", ()


def _letters(code: str | None, count: int, path: str) -> Iterator[_Finding]:
    if code is None:
        return
    if not (code.isascii() and code.isalpha() and code.isupper() and len(code) == count):
        yield path, "bad_code", f"{code!r} is not a code of {count} capital letters", ()


def _not_negative(value: Decimal | int | None, path: str) -> Iterator[_Finding]:
    if value is not None and value < 0:
        yield path, "out_of_range", "no number below 0 is taken", ()


def _between(value: int, least: int, most: int, path: str) -> Iterator[_Finding]:
    if not least <= value <= most:
        yield path, "out_of_range", f"a number from {least} to {most:,} is expected", ()


def _among(word: str, allowed: tuple[str, ...], path: str) -> Iterator[_Finding]:
    if word not in allowed:
        yield path, "not_allowed", f"{word!r} is not one of these words", allowed
