"""The agreement document: what two sides agree on, as frozen dataclasses.

Field names are the keys of the TOML document. Everything but type and title may be missing while
an agreement is drafted; what must be there for which transition is for the guards to say.
Amounts are Decimal and never float; dates are days without a time.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

UNKNOWN = "unknown"
"""What stands for the date of signing of what was taken over, where nobody knows it."""

SHORT = {"longest": 300}
LONG = {"longest": 20_000}


@dataclass(frozen=True, slots=True)
class Term:
    """The period an agreement runs for; `end` is its last day, included (R26)."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Party:
    """One side's party: a city, or an alternative partner (R2, R3, R19)."""

    side: str = ""
    name: str = field(default="", metadata=SHORT)
    kind: str = ""
    country: str | None = None
    metro: str | None = field(default=None, metadata=SHORT)
    why: str | None = None
    responsibilities: str = field(default="", metadata=LONG)


@dataclass(frozen=True, slots=True)
class Indicator:
    """How an activity is measured: a unit, where it starts and what it aims at (R18)."""

    name: str = field(default="", metadata=SHORT)
    unit: str = field(default="", metadata=SHORT)
    baseline: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What a project is to reach, by which activity, and who answers for it (R16 to R19)."""

    kind: str = ""
    objective: str = field(default="", metadata=LONG)
    activity: str = field(default="", metadata=LONG)
    responsible: str = field(default="", metadata=SHORT)
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """What a project is given: funding in a currency, or staff in full-time equivalents (R20)."""

    kind: str = ""
    amount: Decimal | None = None
    currency: str | None = None
    source: str = field(default="", metadata=SHORT)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A time-bound piece of work under the agreement (R14, R15, R21)."""

    name: str = field(default="", metadata=SHORT)
    id: str | None = None
    kind: str = ""
    division: str | None = field(default=None, metadata=SHORT)
    start: dt.date | None = None
    end: dt.date | None = None
    examined: dt.date | None = None
    objectives: tuple[Objective, ...] = ()
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated step that the public timeline shows (R28, R38)."""

    name: str = field(default="", metadata=SHORT)
    id: str | None = None
    project: str | None = None
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A councillor's endorsement, where the agreement type asks for one (R29)."""

    councillor: str = field(default="", metadata=SHORT)
    date: dt.date | None = None
    until: dt.date | None = None
    evidence: str | None = field(default=None, metadata=LONG)


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one side owes the other (R45)."""

    id: str = field(default="", metadata=SHORT)
    side: str = ""
    what: str = field(default="", metadata=LONG)
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed for a side, in which office, on which day."""

    side: str = ""
    name: str = field(default="", metadata=SHORT)
    office: str = field(default="", metadata=SHORT)
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to reach; kept beside the document, erasable, never published."""

    side: str = ""
    name: str = field(default="", metadata=SHORT)
    email: str | None = field(default=None, metadata=SHORT)
    phone: str | None = field(default=None, metadata=SHORT)
    office: str | None = field(default=None, metadata=SHORT)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Where an agreement signed before the program went live comes from (R47).

    `signed` is the date of signing in the precision of its source, or `UNKNOWN`.
    """

    signed: str = ""
    source: str = field(default="", metadata=LONG)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The whole document of one agreement (report: BOX1 to BOX4)."""

    type: str
    title: str = field(metadata=SHORT)
    origin: str | None = None
    role: str | None = None
    owner: str | None = field(default=None, metadata=SHORT)
    division: str | None = field(default=None, metadata=SHORT)
    received: dt.date | None = None
    review: dt.date | None = None
    reporting: str | None = field(default=None, metadata=LONG)
    goals: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    renewal_guidelines: str = field(default="", metadata=LONG)
    termination_guidelines: str = field(default="", metadata=LONG)
    term: Term | None = None
    parties: tuple[Party, ...] = ()
    projects: tuple[Project, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    endorsement: Endorsement | None = None
    obligations: tuple[Obligation, ...] = ()
    signatures: tuple[Signature, ...] = ()
    contacts: tuple[Contact, ...] = ()
    conditions: Mapping[str, str] = field(default_factory=dict, metadata=LONG)
    taken_over: TakenOver | None = None

    def side(self, side: str) -> tuple[Party, ...]:
        """Return the parties of one side, `home` or `partner`."""
        return tuple(party for party in self.parties if party.side == side)

    def indicators(self) -> Iterator[tuple[Project, Objective, Indicator]]:
        """Yield every indicator with the project and the objective that it measures."""
        for project in self.projects:
            for objective in project.objectives:
                for indicator in objective.indicators:
                    yield project, objective, indicator

    @property
    def partner(self) -> Party | None:
        """The first party of the other side: the one that lists name."""
        return next(iter(self.side("partner")), None)


KEPT = frozenset({"owner", "division", "aliases", "contacts", "review"})
"""Keys that staff keep up after signing; all others are agreed content."""
