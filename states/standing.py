"""Where an agreement stands now: the current row, derived wholly from its log and documents."""

from datetime import date

import msgspec

from states.vocabulary import DueRule, State


class Standing(msgspec.Struct, frozen=True):
    """One agreement's current row. `lifecycle.replay` rebuilds it from the log alone.

    `version` counts changes of state or document, `n` every line of the agreement's stream,
    refusals included; `head` is the SHA-256 of its last line. Digests are lower-case hex.
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
