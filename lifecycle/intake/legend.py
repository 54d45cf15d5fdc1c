"""How a table is to be read: what its headings and words mean, as whoever imports it says.

Nothing is guessed: a word that neither the policy nor the legend knows is refused with the option
that would explain it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guards.policy import Policy
from lifecycle.intake.fields import FIELDS
from lifecycle.intake.words import Countries, short
from states.names import plain
from states.problem import InvalidInputError, Problem
from states.table import ENTRY_STATES

ORDERS = ("day-first", "month-first")
"""In which order the numbers of a date such as 03/10/2013 may stand."""

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """What whoever imports a table says about it.

    `columns` names the headings of a field, `constants` what every row says that is silent about
    it; `types`, `states` and `countries` explain words of those columns, `partners` names; `only`
    gives for some headings the words that a row must have to be meant.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Words = field(default_factory=dict)
    types: Words = field(default_factory=dict)
    states: Words = field(default_factory=dict)
    countries: Words = field(default_factory=dict)
    partners: Words = field(default_factory=dict)
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    dates: str | None = None


def check_legend(legend: Legend, policy: Policy, countries: Countries) -> None:
    """Hold a legend against the policy; raises InvalidInputError with all that is wrong."""
    problems = [*_fields(legend), *_words(legend, policy)]
    problems += [
        Problem("unknown_country", f"{short(said)} is no country", key="--countries", hint=_CODE)
        for said in legend.countries.values()
        if countries.code(said) is None
    ]
    if problems:
        raise InvalidInputError(problems)


_CODE = "an English name or two letters: --countries WORDS=CN"


def _fields(legend: Legend) -> Iterator[Problem]:
    for option, names in (("--map", legend.columns), ("--set", legend.constants)):
        for name in names:
            if name not in FIELDS:
                message = f"no field is called {short(name)}"
                yield Problem("unknown_field", message, key=option, allowed=tuple(FIELDS))


def _words(legend: Legend, policy: Policy) -> Iterator[Problem]:
    said = (
        ("--types", "type", legend.types, tuple(policy.types)),
        ("--states", "state to take over in", legend.states, tuple(map(str, ENTRY_STATES))),
    )
    for option, what, words, known in said:
        for meant in words.values():
            if meant not in known:
                message = f"there is no {what} {short(meant)}"
                yield Problem(f"unknown_{what.split()[0]}", message, key=option, allowed=known)


def explained(words: Words, text: str) -> str | None:
    """Return what a word means by a legend, however it is written."""
    return words.get(plain(text))
