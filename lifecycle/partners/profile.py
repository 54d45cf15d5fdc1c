"""Everything about one partner, read at one moment: what is owed, done, written and by whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.partners.divisions import Division, divisions
from lifecycle.partners.engaged import Engaged, engaged
from lifecycle.partners.obligations import Owed, ledger
from lifecycle.partners.registry import Partner, akin
from lifecycle.ports import PortfolioUnit
from states.names import plain
from states.records import Record
from states.ref import Ref


@dataclass(frozen=True, slots=True)
class Letter:
    """A record of correspondence, with its agreement and its line."""

    ref: Ref
    n: int
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A partner with its agreements and all that follows from them.

    `owed` are the obligations of each agreement that has some; `sent` and `received` the last
    letters; `itself` what the partner did where it is an alternative one; `others` what the
    alternative partners of its agreements did; `akin` partners whose names may mean the same one.
    """

    partner: Partner
    dossiers: tuple[Dossier, ...]
    owed: tuple[tuple[Ref, tuple[Owed, ...]], ...]
    divisions: tuple[Division, ...]
    sent: Letter | None
    received: Letter | None
    itself: Engaged | None
    others: tuple[Engaged, ...]
    akin: tuple[Partner, ...]


def profile(
    unit: PortfolioUnit, partners: Sequence[Partner], partner: Partner, day: date
) -> Profile:
    """Return everything about one of the registry's partners, as of a day."""
    keys = {tie.ref.key for tie in partner.ties}
    own = tuple(
        dossiers(unit, Part.DOCUMENT, Part.RECORDS, wanted=lambda standing: standing.key in keys)
    )
    ledgers = ((one.ref, ledger(one.standing, one.agreement, one.records, day)) for one in own)
    return Profile(
        partner=partner,
        dossiers=own,
        owed=tuple((ref, owed) for ref, owed in ledgers if owed),
        divisions=divisions(own),
        sent=_last(own, "sent"),
        received=_last(own, "received"),
        itself=_itself(own, partner),
        others=tuple(_others(own, partner)),
        akin=tuple(akin(partners, partner)),
    )


def _itself(own: Sequence[Dossier], partner: Partner) -> Engaged | None:
    if not partner.alternative:
        return None
    return engaged(own, partner.ties[-1].party, partner.names)


def _others(own: Sequence[Dossier], partner: Partner) -> Iterable[Engaged]:
    """Return what each alternative partner of the agreements did, one of a name at a time."""
    engages = (one for tie in partner.ties for one in tie.engages)
    parties = {(plain(one.name), one.country or ""): one for one in engages}
    return (engaged(own, party) for _at, party in sorted(parties.items()))


def _last(own: Sequence[Dossier], direction: str) -> Letter | None:
    letters = [
        Letter(one.ref, n, record)
        for one in own
        for n, record in one.of_kind("correspondence")
        if record.direction == direction
    ]
    return max(letters, key=lambda one: (one.record.on, one.ref, one.n), default=None)
