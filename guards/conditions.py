"""What a guard says: the unmet condition and the verdict."""

import msgspec

from states.vocabulary import Severity


class Unmet(msgspec.Struct, frozen=True):
    """One thing a transition still lacks (R22, R58).

    `guard:code` names it for good; `field` is the document's key path; `rule` says what is asked,
    `fix` what to do, `report` the section that asks for it. An `advisory` condition never blocks,
    whatever the policy says of its guard; one that was waived no longer does, and `waived_by` says
    by whom.
    """

    guard: str
    code: str
    message: str
    fix: str
    rule: str
    report: str
    field: str | None = None
    advisory: bool = False
    waived_by: str | None = None

    @property
    def passes(self) -> bool:
        """Whether it never refuses: it only advises, or it was waived."""
        return self.advisory or self.waived_by is not None


class Verdict(msgspec.Struct, frozen=True):
    """One guard's result for one attempt: met, unmet, warned, waived or off, with what lacks."""

    guard: str
    severity: Severity
    unmet: tuple[Unmet, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether this result refuses the transition."""
        return self.severity is Severity.BLOCK and any(not u.passes for u in self.unmet)

    @property
    def outcome(self) -> str:
        """The word that stands on the log line for this result."""
        if self.severity is Severity.OFF:
            return "off"
        if not self.unmet:
            return "met"
        if self.blocks:
            return "unmet"
        return "waived" if any(u.waived_by for u in self.unmet) else "warned"
