"""The case put before a guard: everything it may look at, and nothing else."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from guards.policy import Policy
from states.agreement import Agreement
from states.records import Evaluation, ScoreSheet
from states.standing import Standing
from states.vocabulary import Trigger


class Need(StrEnum):
    """A part of the case that is read only when a guard asks for it."""

    DOCUMENT = "document"
    PORTFOLIO = "portfolio"
    PROJECTS = "projects"
    COMMITMENTS = "commitments"
    SCORES = "scores"
    EVALUATION = "evaluation"
    REPORTS = "reports"
    NOTICE = "notice"
    PUBLICATIONS = "publications"


class Act(msgspec.Struct, frozen=True):
    """Who does what: the attempt that is judged. `effective_on` is the day of the act.

    `approver` is whose approval it is done on; `writes` says that the act brings content of the
    actor's own.
    """

    trigger: Trigger
    actor: str
    effective_on: date
    ground: str | None = None
    reason: str | None = None
    on_behalf_of: str | None = None
    item: str | None = None
    approver: str | None = None
    writes: bool = False


class Facts(msgspec.Struct, frozen=True):
    """What the rest of the program says about this agreement, read in the same transaction.

    `counted` is the number of *other* agreements that hold a place under the cap, `limits` the
    number of others by limit code, `projects` the others' projects by year, `committed` their
    funding by year in the program's currency, `annual` the years that have an annual report,
    `notice` the day on which the notice of an overdue decision went out, `published` the terms of
    which a publication is on record.
    """

    counted: int = 0
    limits: Mapping[str, int] = msgspec.field(default_factory=dict)
    projects: Mapping[int, int] = msgspec.field(default_factory=dict)
    committed: Mapping[int, Decimal] = msgspec.field(default_factory=dict)
    scores: ScoreSheet | None = None
    evaluation: Evaluation | None = None
    annual: frozenset[int] = frozenset()
    notice: date | None = None
    published: frozenset[int] = frozenset()


class Case(msgspec.Struct, frozen=True):
    """One attempt on one agreement, with the policy that judges it.

    The document is there whenever a guard declares that it needs it.
    """

    standing: Standing
    policy: Policy
    act: Act
    document: Agreement | None = None
    facts: Facts = Facts()

    @property
    def agreement(self) -> Agreement:
        """The agreement's document; raises LookupError where no guard had asked for it."""
        if self.document is None:
            message = "this case was built without the document"
            raise LookupError(message)
        return self.document

    @property
    def day(self) -> date:
        """The day of the act, which all dates are compared with."""
        return self.act.effective_on
