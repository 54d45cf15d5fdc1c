"""Where an agreement stands now: the current row, derived wholly from its log and documents."""

from datetime import date

import msgspec

from states.vocabulary import DueRule, State, Trigger


class Approval(msgspec.Struct, frozen=True):
    """A decider's standing assent to one deed, which somebody else may then carry out (R57).

    `at` is the instant at which it was given, `n` its line, `policy` the digest of the one then in
    force, `until` its last day. `subject` is the digest of the content that it is bound to, where
    the deed brings content; `body` the one on whose behalf it was recorded, with its `item`.
    """

    deed: str
    by: str
    at: str
    n: int
    policy: str
    until: date
    subject: str | None = None
    body: str | None = None
    item: str | None = None


class Waiver(msgspec.Struct, frozen=True):
    """One unmet condition that is let pass, for one trigger at one version (R57).

    `field` is given where the code alone would name several conditions.
    """

    guard: str
    code: str
    field: str | None
    trigger: Trigger
    version: int
    by: str
    at: str
    n: int
    policy: str


class Standing(msgspec.Struct, frozen=True):
    """One agreement's current row. `lifecycle.replay` rebuilds it from the log alone.

    `version` counts changes of state or document, `n` every line of the agreement's stream,
    refusals included; `head` is the SHA-256 of its last line. Digests are lower-case hex; `agreed`
    is the one of what both sides agreed on, without the keys that staff keep up. `moved_n` is the
    line of the last transition that stands, 0 where it was taken back; `former_type` the type
    before it was reclassified; `deferred` the day to which its decision was put off; `voided` says
    why it counts for nothing: the reference that it duplicates, or "error"; `activated` that it has
    been in force, without which it holds no place; `opened_on` the day on which it was entered.
    `msgspec.structs.replace` makes the next one.
    """

    key: int
    type: str
    title: str
    state: State
    version: int
    n: int
    head: str
    partner: str | None
    country: str | None
    owner: str
    term: int
    term_start: date | None
    term_end: date | None
    review: date | None
    due: date | None
    due_rule: DueRule | None
    entered_on: date
    acted_on: date
    signed_on: str | None
    signed_term: int | None
    document: str
    document_version: int
    policy: str
    counted: bool
    taken_over: bool
    drafters: tuple[str, ...]
    score_n: int | None
    evaluation_n: int | None
    evaluation_term: int | None
    contacts_n: int | None
    refusal: str | None
    moved_n: int = 0
    agreed: str = ""
    approvals: tuple[Approval, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    former_type: str | None = None
    deferred: date | None = None
    voided: str | None = None
    activated: bool = False
    opened_on: date | None = None

    @property
    def unsigned_origin(self) -> bool:
        """Whether what is in force was signed before the program, and never under its guards."""
        return self.taken_over and self.signed_term == 1
