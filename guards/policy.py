"""The policy model: a program's rules as data, one TOML file a program (report: BP5, R54, R60).

Field names are the file's keys; `guards.policy_check` says what else must hold between them.
Agreement types, vocabularies and limits are data: a new policy needs no line of code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from guards.policy_notices import Notices
from states.agreement import LONG, SHORT
from states.vocabulary import Guard, Role, Severity, State, Trigger

NEVER_WAIVED = frozenset(
    {
        Guard.SMART_COMPLETE,
        Guard.RESOURCED,
        Guard.TIME_BOUND,
        Guard.SECOND_PERSON,
        Guard.TYPE_ALLOWED,
        Guard.NEVER_SIGNED,
        Guard.WAS_SIGNED,
        Guard.EFFECTIVE,
        Guard.TERM_OVER,
        Guard.REVIEW_DUE,
        Guard.TERM_RUNNING,
        Guard.DECISION_OVERDUE,
    },
)
"""Guards of which nobody may waive a condition: what SMART asks for, and plain facts."""

WAIVABLE = tuple(guard for guard in Guard if guard not in NEVER_WAIVED)
"""Guards of which a policy may let single conditions be waived."""

UNSIGNED = (State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.DECLINED)
"""The states of what was never signed, which a policy may let the register show."""

LANGUAGES = ("en", "fr")
"""The languages that the public register can be made in, by their codes of ISO 639."""

DECIDES = (Role.STAFF, Role.DECIDER)
"""The roles that a policy may let record a body's decision, or waive a condition."""


@dataclass(frozen=True, slots=True)
class Program:
    """Who runs the program: its name, the code in its references, its calendar and its money."""

    name: str = field(metadata=SHORT)
    code: str
    time_zone: str
    currency: str
    home_country: str | None = None
    leap_day: str = "february-28"
    source: str = field(default="", metadata=LONG)
    goals: Mapping[str, str] = field(default_factory=dict, metadata=LONG)
    budget: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TermYears:
    """The shortest and the longest term of a type, in whole years; no shortest is 0 (R26)."""

    max: int
    min: int = 0


@dataclass(frozen=True, slots=True)
class AgreementType:
    """One kind of agreement the program knows (R29, R30, REC3)."""

    title: str = field(metadata=SHORT)
    term_years: TermYears | None = None
    open_ended: bool = False
    review_months: int | None = None
    counts: bool = True
    may_be_created: bool = True
    # Whether what was signed may be reclassified into it; where nothing is said, as may_be_created.
    reclassify_to: bool | None = None
    # Words of the vocabulary, and goals, that speak for this type where one is looked for (R30).
    serves: tuple[str, ...] = ()
    endorsement: bool = False
    lapse: bool = False
    guards: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cap:
    """How many agreements may hold a place at once, and in which states they hold it (R11)."""

    at_most: int
    states: tuple[State, ...] = (State.ACTIVE, State.EVALUATION, State.RENEWAL)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many agreements in the program, or per year, country or region."""

    code: str
    at_most: int
    per: str = "program"
    types: tuple[str, ...] = ()
    states: tuple[State, ...] = (State.ACTIVE, State.EVALUATION, State.RENEWAL)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question that every proposal is scored on (BP1, R6, R7)."""

    code: str
    question: str = field(metadata=LONG)
    weight: int = 1
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of the decision criteria and the scale that they are scored on (R6)."""

    version: str = field(default="", metadata=SHORT)
    lowest: int = 0
    highest: int = 5
    items: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Priority:
    """A market or sector that the program prefers, from and until a day (R12)."""

    kind: str
    code: str = field(metadata=SHORT)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A body on whose behalf a decision is recorded, and what it signs (R57).

    It signs agreements of `types` (of all, where none are named) up to a cost. `recorded_by` are
    the roles that may enter its decisions; with `resolution`, only with its resolution attached.
    """

    name: str = field(metadata=SHORT)
    home_side: bool = False
    signs_up_to: Decimal | None = None
    types: tuple[str, ...] = ()
    recorded_by: tuple[Role, ...] = DECIDES
    resolution: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One point of the city's own checklist: what must be answered before which trigger."""

    code: str
    question: str = field(metadata=LONG)
    trigger: Trigger
    types: tuple[str, ...] = ()
    answers: tuple[str, ...] = ("yes",)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a document may use; the report's are the default (R1 to R3, R15, R16, R44)."""

    origins: tuple[str, ...] = (
        "global_city",
        "mou_city",
        "alternative_partner",
        "city_staff",
        "elected_official",
    )
    roles: tuple[str, ...] = ("catalyst", "implementer")
    party_kinds: tuple[str, ...] = (
        "city",
        "region",
        "academic_institution",
        "industry_organisation",
        "economic_development_organisation",
        "tourism_body",
        "gateway",
        "intermediary_network",
        "museum",
        "gallery",
        "library",
    )
    partner_reasons: tuple[str, ...] = ("priority_metro", "audience", "programming")
    project_kinds: tuple[str, ...] = (
        "inbound_mission",
        "outbound_mission",
        "business_agreement",
        "event_attraction",
        "information_exchange",
        "talent_exchange",
        "cultural_event",
        "data_sharing_agreement",
    )
    objective_kinds: tuple[str, ...] = (
        "grow_trade",
        "attract_investment",
        "attract_tourists",
        "policy_and_service_innovation",
        "support_local_artists",
    )
    grounds: tuple[str, ...] = (
        "fails_criteria",
        "fails_objectives",
        "dormant",
        "partner_did_not_deliver",
        "needs_changed",
    )


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Days from entering a state until its decision is owed; None sets no deadline (R57)."""

    decision_days: int | None = 180
    negotiation_days: int | None = 365
    evaluation_days: int | None = 180
    renewal_days: int | None = 180


@dataclass(frozen=True, slots=True)
class Waivers:
    """Who may waive an unmet condition, and of which guards."""

    by: Role = Role.DECIDER
    guards: tuple[Guard, ...] = WAIVABLE


@dataclass(frozen=True, slots=True)
class Attachments:
    """How large a file may be, how many an agreement may have, and which endings are taken."""

    largest_mb: int = 10
    at_most: int = 50
    endings: tuple[str, ...] = (
        ".pdf",
        ".docx",
        ".odt",
        ".txt",
        ".md",
        ".eml",
        ".jpg",
        ".png",
        ".csv",
        ".xlsx",
    )


@dataclass(frozen=True, slots=True)
class Publishing:
    """What the register shows beyond what was signed, and its languages, the first of them first.

    Of what was never signed only what names it is shown, in the `states` that are listed (R28).
    """

    states: tuple[State, ...] = ()
    languages: tuple[str, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a program's rules, as adopted (R54)."""

    program: Program
    types: Mapping[str, AgreementType]
    cap: Cap | None = None
    limits: tuple[Limit, ...] = ()
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: Criteria = field(default_factory=Criteria)
    priorities: tuple[Priority, ...] = ()
    bodies: tuple[Body, ...] = ()
    conditions: tuple[Condition, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    deadlines: Deadlines = field(default_factory=Deadlines)
    waivers: Waivers = field(default_factory=Waivers)
    attachments: Attachments = field(default_factory=Attachments)
    publishing: Publishing = field(default_factory=Publishing)
    notices: Notices = field(default_factory=Notices)
    guards: Mapping[str, Severity] = field(default_factory=dict)
    projects_per_year: int | None = 2
    priority_partnerships_per_year: int | None = None
    evaluation_window_months: int = 12
    takeover_review_months: int = 12
    dormancy_months: int = 24
    backdating_days: int = 90
    lapse_notice_days: int = 60
    deferral_days: int = 180
    approval_days: int = 90
    publish_days: int = 30
    annual_report_days: int = 90
    signs_up_to: Decimal | None = None
    in_flight: str = "keep"

    @property
    def leap_to_march(self) -> bool:
        """Whether 29 February falls on 1 March in a common year."""
        return self.program.leap_day == "march-1"

    @property
    def creatable(self) -> tuple[str, ...]:
        """The types of which new agreements are made (R30)."""
        return tuple(code for code, kind in self.types.items() if kind.may_be_created)

    def title_of(self, agreement_type: str) -> str:
        """Return a type as it is printed: its title, or its code where no type is called so."""
        kind = self.types.get(agreement_type)
        return kind.title if kind else agreement_type

    def on_worklist(self, agreement_type: str) -> bool:
        """Whether a type is only taken over, to be reclassified into another or sunset (R30)."""
        kind = self.types.get(agreement_type)
        return kind is not None and not (kind.may_be_created or kind.reclassify_to)

    @property
    def reclassifiable(self) -> tuple[str, ...]:
        """The types that a signed agreement may be reclassified into (R31)."""
        return tuple(
            code
            for code, kind in self.types.items()
            if (kind.may_be_created if kind.reclassify_to is None else kind.reclassify_to)
        )

    @property
    def words_of_use(self) -> frozenset[str]:
        """The words by which a document says what it is for and who has a part in it."""
        words = self.vocabulary
        return frozenset(self.program.goals).union(
            words.origins,
            words.roles,
            words.party_kinds,
            words.project_kinds,
            words.objective_kinds,
        )

    def body(self, name: str | None) -> Body | None:
        """Return the body of this name, or None."""
        return next((body for body in self.bodies if body.name == name), None)

    def region_of(self, country: str | None) -> str | None:
        """Return the region that the policy puts a country in, or None."""
        return next((r for r, members in self.regions.items() if country in members), None)

    def severity(self, guard: Guard, agreement_type: str, trigger: Trigger) -> Severity:
        """Return what `guard` does for this type at this trigger.

        The type's own word comes first, then the policy's, then the engine's. A full cap only
        warns before activation, since a place may come free until then (R11).
        """
        kind = self.types.get(agreement_type)
        stated = kind.guards.get(guard) if kind else None
        severity = stated or self.guards.get(guard) or DEFAULT_SEVERITY.get(guard, Severity.BLOCK)
        early = guard is Guard.CAP_AVAILABLE and trigger not in TAKES_PLACE
        return Severity.WARN if early and severity is Severity.BLOCK else severity


DEFAULT_SEVERITY: Mapping[Guard, Severity] = {
    Guard.PROJECT_FOCUS: Severity.WARN,
    Guard.PUBLISHED: Severity.WARN,
    Guard.REPORTS_COMPLETE: Severity.WARN,
}
"""What a guard does where a policy is silent; every other one blocks."""

TAKES_PLACE = frozenset({Trigger.ACTIVATE, Trigger.REINSTATE})
"""Triggers that take a place under the cap, where a full one blocks and no longer only warns."""

NEVER_OFF = frozenset(
    {Guard.SMART_COMPLETE, Guard.RESOURCED, Guard.TIME_BOUND, Guard.SECOND_PERSON},
)
"""Guards that no policy may switch off."""
