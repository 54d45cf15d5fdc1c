"""Sheets and records that stand beside an agreement: scores, evaluations, dated facts.

Like the agreement's, their field names are keys of TOML documents, and whether a sheet is
complete is for the guards to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from states.agreement import LONG, SHORT

OUTCOMES = ("met", "partly", "missed", "not_delivered")
"""How an agreement or a project ended, as an evaluation judges it (R42)."""

RECOMMENDATIONS = ("renew", "sunset", "reclassify")
"""What an evaluation may recommend (REC4)."""

FACTORS = (
    "criteria",
    "priority_markets",
    "priority_sectors",
    "available_resources",
    "partnership_cap",
)
"""The five decision factors, each to be answered before a proposal is accepted (BOX2, R9)."""

LONGEST_URL = 2_000


@dataclass(frozen=True, slots=True)
class Score:
    """One criterion's score with the evidence for it (R7)."""

    value: int
    evidence: str = field(default="", metadata=LONG)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A proposal scored on one version of the criteria, and the five factors answered (R7, R9)."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict, metadata=LONG)
    criteria: str | None = field(default=None, metadata=SHORT)


@dataclass(frozen=True, slots=True)
class AgreementOutcome:
    """How the agreement as a whole did in its term (R42)."""

    outcome: str = ""
    findings: str = field(default="", metadata=LONG)


@dataclass(frozen=True, slots=True)
class ProjectOutcome:
    """How one project did (R42)."""

    id: str = ""
    outcome: str = ""
    findings: str = field(default="", metadata=LONG)


@dataclass(frozen=True, slots=True)
class Value:
    """What renewing would be worth, and what the evaluator recommends (BOX6, DP3)."""

    of_renewing: str = field(default="", metadata=LONG)
    recommendation: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluation of one term: agreement, projects and value judged apart (R42)."""

    agreement: AgreementOutcome = field(default_factory=AgreementOutcome)
    projects: tuple[ProjectOutcome, ...] = ()
    value: Value = field(default_factory=Value)


@dataclass(frozen=True, slots=True)
class Record:
    """One dated fact about an agreement, of a kind in `KINDS` (R37 to R39, R45), or `PUBLISHED`.

    Only a publication has `url`, the address of the agreement's own page, `term`, the signed one
    that it shows, and `sha256`, the digest of the public form that stood there (R28).
    """

    kind: str
    on: date
    text: str = field(default="", metadata=LONG)
    project: str | None = field(default=None, metadata=SHORT)
    item: str | None = field(default=None, metadata=SHORT)
    value: Decimal | None = None
    unit: str | None = field(default=None, metadata=SHORT)
    currency: str | None = None
    year: int | None = None
    direction: str | None = None
    outcome: str | None = field(default=None, metadata=SHORT)
    source: str | None = field(default=None, metadata=SHORT)
    division: str | None = field(default=None, metadata=SHORT)
    until: date | None = None
    url: str | None = field(default=None, metadata={"longest": LONGEST_URL})
    term: int | None = None
    sha256: str | None = field(default=None, metadata=SHORT)


ANNUAL_PARTS = ("goals", "summary", "achievements", "investments")
"""What an annual record may state of its year, as its `item`; where it says nothing, it is the
summary, which is the year's report (R39)."""

RETRACTED = "record.retracted"
"""The kind of what takes a wrong record's place where nothing does."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "activity": ("text",),
    "actual": ("item", "value", "source"),
    "milestone": ("item",),
    "obligation": ("item", "outcome"),
    "expenditure": ("value", "currency", "project", "year"),
    "annual": ("year", "text"),
    "correspondence": ("direction", "text"),
    "deferral": ("until", "text"),
    "priority": ("year",),
    "review": ("text",),
    "note": ("text",),
}
"""Each kind of record and the keys that it can't do without."""

PUBLISHED = "published"
"""The kind of what notes a publication; nobody records one by hand (R28)."""

OF_A_PUBLICATION = ("url", "term", "sha256")
"""The keys that a publication has, and no other record."""

PRIORITY = "priority"
"""The kind of record by which a partnership is given priority in a year (R13)."""

DECIDED_KINDS = frozenset({"deferral", "review"})
"""Kinds of which a record is a decider's act: a decision put off, an agreement kept (R48, R57)."""


def reported_year(record: Record) -> int | None:
    """Return the year whose annual report a record is, or None.

    Goals are stated before there is anything to report, and achievements and investments stand
    beside the report: none of them is one by itself.
    """
    part = record.kind == "annual" and record.item in _BESIDE_THE_REPORT
    return record.year if record.kind == "annual" and not part else None


_BESIDE_THE_REPORT = frozenset(ANNUAL_PARTS) - {"summary"}
