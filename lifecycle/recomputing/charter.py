"""Judges the lines of the program itself once more: who may adopt, grant, run and change keys.

Here the order of lines is known, and so are the rules before each of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from lifecycle.adoption import approval
from lifecycle.authority import GATE, Authority, authorise_program, open_to_all
from lifecycle.entry import Entry
from lifecycle.matter import Judging, today_of
from lifecycle.recomputing.deeds import NAMED, before_roles
from lifecycle.recomputing.judging import Fault
from lifecycle.recomputing.past import Moment, PastUnit
from lifecycle.recomputing.program import Rules
from lifecycle.recomputing.shapes import of_the_program
from lifecycle.recomputing.trials import order_of
from states import deeds
from states.codec import decode
from states.deeds import Deed
from states.notes import Attempt
from states.vocabulary import Event, Role

_DEEDS: Mapping[Event, Deed] = MappingProxyType(
    {
        Event.POLICY_ADOPTED: deeds.ADOPT,
        Event.APPROVED: deeds.ADOPT,
        Event.ROLE_CHANGED: deeds.GRANT,
        Event.NIGHTLY_COMPLETED: deeds.CHECK_NIGHTLY,
        Event.KEY_CHANGED: deeds.CHANGE_KEY,
        Event.ERASED: deeds.ERASE,
    }
)
"""What is asked for by role; a restoration is not (ADR 0018)."""


@dataclass(frozen=True, slots=True)
class _Hearing:
    """A line of the program, and how things stood before it."""

    entry: Entry
    unit: PastUnit
    today: date
    judges: Judging

    def authority(self, deed: Deed) -> Authority:
        """Return by what right a deed was done, or that there was none."""
        order = order_of(self.entry)
        return authorise_program(self.unit.as_unit(), order, deed, self.today, self.judges)


def program_faults(moment: Moment, rules: Rules) -> Iterator[Fault]:
    """Yield what is wrong with a line of the program, under the rules before it."""
    entry, unit = moment.entry, PastUnit(moment, rules)
    if wrong := [Fault("line.contradicts", why) for why in of_the_program(entry)]:
        yield from wrong
        return
    if rules.in_force is None:
        if entry.event is not Event.POLICY_ADOPTED:
            yield Fault("policy.differs", "no policy was in force when it was written")
        return
    if entry.policy != rules.in_force and entry.event is not Event.POLICY_ADOPTED:
        message = f"it names the policy {entry.policy}, and {rules.in_force} was in force"
        yield Fault("policy.differs", message)
        return
    judges = Judging(rules.in_force, unit.policy(rules.in_force))
    days = {today_of(unit.as_unit(), order_of(entry)), *_days_of_a_night(entry)}
    found = [list(_faults(_Hearing(entry, unit, day, judges))) for day in sorted(days)]
    yield from min(found, key=len)


def _days_of_a_night(entry: Entry) -> Iterator[date]:
    if entry.event is Event.NIGHTLY_COMPLETED:
        yield max(entry.effective, entry.recorded.date() - timedelta(days=2))


def _faults(hearing: _Hearing) -> Iterator[Fault]:
    entry = hearing.entry
    deed, today = _DEEDS.get(entry.event), hearing.today
    if entry.effective > today or (deed is deeds.GRANT and entry.effective != today):
        yield Fault("day.impossible", f"{entry.effective} can't be its day; it was {today}")
    if entry.event is Event.REFUSED:
        yield from _refusal(hearing)
    elif deed is not None:
        yield from _deed(hearing, deed)
    elif entry.event is not Event.RESTORED:
        yield Fault("line.foreign", f"{entry.event} is nothing that is done with a program")


def _deed(hearing: _Hearing, deed: Deed) -> Iterator[Fault]:
    entry = hearing.entry
    if before_roles(entry, hearing.unit):
        return
    if deed is deeds.GRANT and not hearing.unit.roles():
        if entry.role is not Role.ADMIN:
            yield Fault("authority.differs", "the first role is given by who becomes admin")
        return
    found = hearing.authority(deed)
    if found.denied or found.role is not entry.role:
        said = found.denied.message if found.denied else f"it was done as {found.role}"
        yield Fault("authority.differs", said)
    if entry.event is Event.POLICY_ADOPTED:
        yield from _second(hearing)


def _second(hearing: _Hearing) -> Iterator[Fault]:
    """Yield why a policy was not adopted by two, unless one is enough."""
    entry, unit = hearing.entry, hearing.unit.as_unit()
    days = (entry.effective, entry.effective)
    given = approval(unit, order_of(entry), entry.policy or "", days, hearing.today)
    first = given[0] if given else None
    alone = first is None and not open_to_all(unit)
    if alone or entry.approver != first:
        yield Fault(
            "authority.differs",
            f"it names {entry.approver} as who approved it, and that was {first or 'nobody'}",
        )


def _refusal(hearing: _Hearing) -> Iterator[Fault]:
    entry, first = hearing.entry, next(iter(hearing.entry.guards), None)
    if first is None or first.outcome != "unmet":
        yield Fault("refusal.groundless", "it is a refusal, and nothing on it refuses")
        return
    content = hearing.unit.content(entry.n)
    attempt = decode(Attempt, content.body) if content and content.kind == "attempt" else None
    deed = NAMED.get(attempt.deed) if attempt else None
    if deed is None or first.guard != GATE:
        return
    denied = hearing.authority(deed).denied
    if denied is None or denied.code != first.code:
        code = denied.code if denied else "nothing"
        message = f"it was refused for {first.code}, and what stood against it was {code}"
        yield Fault("authority.differs", message)
