"""What adopting a policy would change, as it is told: counts first, then agreement by agreement.

Shapes and no decisions; `lifecycle.survey` finds what stands in them. Fields are only ever added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from states.vocabulary import Trigger


@dataclass(frozen=True, slots=True)
class DueChange:
    """An agreement whose due date, or what is due then, would be another."""

    ref: str
    due_before: date | None
    rule_before: str | None
    due_after: date | None
    rule_after: str | None


@dataclass(frozen=True, slots=True)
class StepChange:
    """One condition of an agreement's next step that the policy would judge otherwise.

    It `becomes` refused (it would refuse the step), warned (it would only warn) or met.
    """

    ref: str
    trigger: Trigger
    guard: str
    code: str
    field: str | None
    becomes: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit of the policy that more agreements than it allows are counted under already."""

    code: str
    at_most: int
    per: str
    place: str
    count: int
    refs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Overrun:
    """A year in which more is committed than the policy's budget has.

    `newly` where the policy in force does not show it.
    """

    year: int
    committed: Decimal
    budget: Decimal
    newly: bool
    refs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word at one key of current documents that the policy does not know."""

    key: str
    word: str
    refs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gone:
    """A body or condition that disappears, and the agreements whose documents name it."""

    name: str
    refs: Sequence[str]


@dataclass(slots=True)
class Impact:
    """What adopting a policy would change."""

    agreements: int = 0
    kept: list[str] = field(default_factory=list)
    unknown_types: list[str] = field(default_factory=list)
    due_changed: list[str] = field(default_factory=list)
    counted_before: int = 0
    counted_after: int = 0
    cap: int | None = None
    cap_before: int | None = None
    over_cap: int = 0
    due: list[DueChange] = field(default_factory=list)
    steps: list[StepChange] = field(default_factory=list)
    limits: list[Exceeded] = field(default_factory=list)
    budget: list[Overrun] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    bodies_gone: list[Gone] = field(default_factory=list)
    conditions_gone: list[Gone] = field(default_factory=list)
