"""Writes one digest a person a night: plain text, the late first, each with the command to type.

Says who is told what. Addresses, and whether mail is sent at all, are not its business.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from textwrap import fill

from guards.policy import Policy
from lifecycle.entry import instant
from lifecycle.night import Digest, Notice
from lifecycle.ports import Unit
from lifecycle.recipients import Present, recipients
from lifecycle.telling import distance, told
from lifecycle.thresholds import loudness
from states.person import folded
from states.ref import Ref
from states.standing import Standing
from states.watch import Watch

MOST = 100
"""How many things a digest names of what is late, and of what comes; the rest it counts."""

_BATCH = 500
_WIDTH = 76


@dataclass(slots=True)
class _Share:
    """What one person is told: the loudest of it, and how much it is in all."""

    name: str
    late: list[tuple[int, str]] = field(default_factory=list)
    ahead: list[tuple[int, str]] = field(default_factory=list)
    counts: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, loud: int, days: int, text: str) -> None:
        """Take one thing; what is louder, then what is later, is kept when there is too much."""
        kept, which = (self.late, 0) if loud else (self.ahead, 1)
        self.counts[which] += 1
        kept.append((-loud * 100_000 - days, text))
        if len(kept) > 2 * MOST:
            kept.sort()
            del kept[MOST:]


def compose_digests(
    unit: Unit, run: str, day: date, made: datetime, policy: Policy
) -> list[Digest]:
    """Return the digests of a night, of all notices that no digest tells of yet."""
    unit.claim_notices(run)
    present = Present(unit.roles(), day)
    shares: dict[str, _Share] = {}
    after = -1
    while batch := unit.claimed(run, after, _BATCH):
        for standing, notices in batch:
            after = standing.key
            ref = str(Ref.of(unit.program.code, standing.key))
            for notice in notices:
                loud = loudness(notice.rule, notice.threshold, policy.notices)
                text = _entry(ref, standing, notice, day)
                for name in recipients(standing, notice.rule, loud, policy.notices, present):
                    share = shares.setdefault(folded(name), _Share(name))
                    share.add(loud, (day - notice.due).days, text)
    return [
        _digest(share, f"{run}.{number}", policy, day, instant(made))
        for number, share in enumerate(shares.values(), 1)
    ]


def _entry(ref: str, standing: Standing, notice: Notice, day: date) -> str:
    watch = Watch(notice.rule, notice.item, notice.due, None)
    telling = told(standing, watch, day)
    message = f"{distance(notice.due, day)}: {telling.message}"
    lines = [
        fill(f"{ref}  {standing.title}", _WIDTH, subsequent_indent="  "),
        fill(message, _WIDTH, initial_indent="  ", subsequent_indent="  "),
        f"    {telling.fix.replace('REF', ref)}",
    ]
    return "\n".join(lines)


def _digest(share: _Share, number: str, policy: Policy, day: date, made_at: str) -> Digest:
    late, ahead = share.counts
    words = [f"{late} late"] * bool(late) + [f"{ahead} coming up"] * bool(ahead)
    subject = f"[{policy.program.code}] {', '.join(words)} ({day})"
    body = "\n".join(_body(share, policy, day)) + "\n"
    return Digest(number, share.name, day, subject, body, made_at)


def _body(share: _Share, policy: Policy, day: date) -> Iterator[str]:
    yield fill(
        f"{policy.program.name}: what the nightly check of {day} has for {share.name}.", _WIDTH
    )
    for title, kept, count in (
        ("Late: somebody has to act", share.late, share.counts[0]),
        ("Coming up", share.ahead, share.counts[1]),
    ):
        if not kept:
            continue
        yield f"\n{title.upper()} ({count})"
        for _order, text in sorted(kept)[:MOST]:
            yield f"\n{text}"
        if count > MOST:
            yield f"\n... and {count - MOST:,} more: lifecycle status"
    yield "\nAn alert is repeated, to more people each time, until it is done or decided."
