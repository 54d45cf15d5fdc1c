"""What may be public of an agreement, field by field: the whitelist, and the form it is given in.

Whoever makes a page, a feed or a file of the public register gets these values and nothing else, so
that what is not named here can't reach the public. The report asks for the agreement, its goals and
activities and the timeline of its milestones (R28), and for a register (R55). Left out for good:
owners, drafters, actors, approvers, contacts, the names of those who signed, reasons, scores,
notes, correspondence, the sources of what was taken over, and all that is marked for staff.

They are also the form of the register's JSON, whose schema is derived from them: fields are only
ever added. Days are YYYY-MM-DD, amounts exact decimals as text, what is not known is null.
"""

from datetime import date
from decimal import Decimal

import msgspec

from states.vocabulary import DueRule, State, Trigger


class PublicParty(msgspec.Struct, frozen=True, kw_only=True):
    """One side's party; `side` is home or partner, `country` two letters of ISO 3166 (R2, R19)."""

    side: str
    name: str
    kind: str | None = None
    country: str | None = None
    metro: str | None = None
    responsibilities: str | None = None


class PublicActual(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of an indicator on a day (R37)."""

    on: date
    value: Decimal


class PublicIndicator(msgspec.Struct, frozen=True, kw_only=True):
    """How an objective is measured, and how far it has come.

    `actual` is what counts now: the last or the sum, as the agreement's progress is told to staff.
    `done` is the share of the way from baseline to target, in whole per cent; null where nothing is
    measured or the two don't differ. It may be below 0 and above 100.
    """

    name: str
    unit: str
    baseline: Decimal | None = None
    target: Decimal | None = None
    actual: Decimal | None = None
    done: int | None = None
    actuals: tuple[PublicActual, ...] = ()


class PublicObjective(msgspec.Struct, frozen=True, kw_only=True):
    """A SMART objective: what is to be reached, by which activity, and who answers for it (BP4).

    `responsible` is an organisation, never a person (R19).
    """

    kind: str | None = None
    objective: str
    activity: str
    responsible: str | None = None
    indicators: tuple[PublicIndicator, ...] = ()


class PublicResource(msgspec.Struct, frozen=True, kw_only=True):
    """Funding in a currency, or staff in full-time equivalents, with its source (R20)."""

    kind: str
    amount: Decimal | None = None
    currency: str | None = None
    source: str | None = None
    year: int | None = None


class PublicProject(msgspec.Struct, frozen=True, kw_only=True):
    """A time-bound piece of work; `outcome` is that of the last evaluation that was decided on."""

    id: str
    name: str
    kind: str | None = None
    division: str | None = None
    start: date | None = None
    end: date | None = None
    examined: date | None = None
    outcome: str | None = None
    findings: str | None = None
    objectives: tuple[PublicObjective, ...] = ()
    resources: tuple[PublicResource, ...] = ()


class PublicMilestone(msgspec.Struct, frozen=True, kw_only=True):
    """A dated step of the timeline (R28, R38): `status` is met, late or due."""

    name: str
    project: str | None = None
    due: date | None = None
    met: date | None = None
    status: str


class PublicObligation(msgspec.Struct, frozen=True, kw_only=True):
    """What one side owes the other, and what became of it (R45)."""

    side: str
    what: str
    due: date | None = None
    outcome: str | None = None


class PublicSignature(msgspec.Struct, frozen=True, kw_only=True):
    """In which office and on which day a side signed; who it was is not published."""

    side: str
    office: str | None = None
    on: date | None = None


class PublicTerm(msgspec.Struct, frozen=True, kw_only=True):
    """One term; `outcome` is its evaluation's, once what it leads to was decided (R42)."""

    term: int
    starts: date | None = None
    ends: date | None = None
    signed_on: str | None = None
    concluded_on: date | None = None
    concluded_by: Trigger | None = None
    outcome: str | None = None
    findings: str | None = None


class PublicYear(msgspec.Struct, frozen=True, kw_only=True):
    """What was reported of a calendar year (R39); each a text, as it was recorded."""

    year: int
    goals: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    achievements: tuple[str, ...] = ()
    investments: tuple[str, ...] = ()


class PublicStep(msgspec.Struct, frozen=True, kw_only=True):
    """One transition that stands, with the body that decided it and its item; never a person.

    `entry` is the SHA-256 of the log line, by which an auditor finds it again (R56).
    """

    on: date
    trigger: Trigger
    from_: State = msgspec.field(name="from")
    to: State
    term: int
    ground: str | None = None
    body: str | None = None
    item: str | None = None
    entry: str


class PublicFile(msgspec.Struct, frozen=True, kw_only=True):
    """An attached file that is marked public; `path` is where it lies, from the site's root."""

    name: str
    kind: str
    size: int
    sha256: str
    path: str


class PublicDate(msgspec.Struct, frozen=True, kw_only=True):
    """A date ahead or behind that anybody may know: `rule` says what it is, `what` names it."""

    on: date
    rule: str
    what: str | None = None
    uid: str


class PublicAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """One agreement as the public may see it (R28, R55).

    Before it was signed there is only what names it: the fields up to `state`. While a later term
    is negotiated, what it says is what was last signed, not the draft. `signed_on` has its source's
    precision, or is "unknown". `next_decision` is the day by which somebody decides on its future.
    `changed_on` is the day of the last entry that counts on any of this.
    """

    ref: str
    title: str
    type: str
    type_title: str
    partner: str | None = None
    country: str | None = None
    goals: tuple[str, ...] = ()
    state: State
    signed: bool = False
    changed_on: date
    former_type: str | None = None
    role: str | None = None
    division: str | None = None
    sectors: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    taken_over: bool = False
    signed_on: str | None = None
    term: int | None = None
    term_start: date | None = None
    term_end: date | None = None
    next_decision: date | None = None
    next_rule: DueRule | None = None
    reporting: str | None = None
    renewal_guidelines: str | None = None
    termination_guidelines: str | None = None
    parties: tuple[PublicParty, ...] = ()
    projects: tuple[PublicProject, ...] = ()
    milestones: tuple[PublicMilestone, ...] = ()
    obligations: tuple[PublicObligation, ...] = ()
    endorsed_on: date | None = None
    signatures: tuple[PublicSignature, ...] = ()
    terms: tuple[PublicTerm, ...] = ()
    years: tuple[PublicYear, ...] = ()
    history: tuple[PublicStep, ...] = ()
    files: tuple[PublicFile, ...] = ()
    dates: tuple[PublicDate, ...] = ()
