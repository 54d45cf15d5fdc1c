"""Gives a partner another name, or takes one away: what would change, and what stands against it.

An alias is kept in the documents of the agreements that the partner leads the other side of, as
long as they are not over. It writes nothing itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lifecycle.partners.registry import Partner, Tie
from states.agreement import Agreement
from states.names import plain
from states.problem import InvalidInputError, Problem
from states.vocabulary import FINAL


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name for one partner of a registry; `remove` takes it away.

    `same` says that the partner who is listed under that name is the same one.
    """

    partner: Partner
    name: str
    remove: bool = False
    same: bool = False

    def on(self, agreement: Agreement) -> Agreement:
        """Return a document with the alias, or without; one that has it, or is named so, as is."""
        word = plain(self.name)
        if self.remove:
            kept = (name for name in agreement.aliases if plain(name) != word)
            return replace(agreement, aliases=tuple(kept))
        party = agreement.partner
        if word in map(plain, (party.name if party else "", *agreement.aliases)):
            return agreement
        return replace(agreement, aliases=(*agreement.aliases, self.name))


def open_ties(partner: Partner) -> tuple[Tie, ...]:
    """Return the agreements that keep a partner's aliases, and in which they can still change."""
    return tuple(tie for tie in partner.ties if tie.leads and tie.state not in FINAL)


def bearers(partners: Iterable[Partner], alias: Alias) -> Sequence[Partner]:
    """Return the other partners that go by the name already."""
    word = plain(alias.name)
    others = (one for one in partners if one is not alias.partner)
    return [one for one in others if word in map(plain, one.names)]


def joins(one: Partner, other: Partner, name: str) -> bool:
    """Whether an alias can make two partners one: of one country, and that is a party's name."""
    written = {plain(tie.party.name) for tie in other.ties}
    alike = None in {one.country, other.country} or one.country == other.country
    return alike and plain(name) in written


def check_alias(partners: Iterable[Partner], alias: Alias) -> None:
    """Refuse an alias that is another's name, or that no document can keep.

    Raises InvalidInputError, with what to do.
    """
    partner, name = alias.partner, alias.name
    if not open_ties(partner):
        message = f"no agreement that is not over has {partner.name} as the first of its partners"
        hint = "an alias is kept with an agreement of the partner; that of one that is over stays"
        raise InvalidInputError([Problem("no_open_agreement", message, key="NAME", hint=hint)])
    if alias.remove:
        return
    for other in bearers(partners, alias):
        if alias.same and joins(partner, other, name):
            continue
        where = f"{other.name}{f' ({other.country})' if other.country else ''}"
        message = f"{name} is a name of another partner, {where}, party to {_refs(other)}"
        hint = "choose a name that only one of them goes by"
        if joins(partner, other, name):
            hint = f"if the two are one partner, say so with --same; else {hint}"
        raise InvalidInputError([Problem("alias_taken", message, key="ALIAS", hint=hint)])


_MOST_REFS = 3


def _refs(partner: Partner) -> str:
    refs = [str(tie.ref) for tie in partner.ties]
    more = f" and {len(refs) - _MOST_REFS} more" if len(refs) > _MOST_REFS else ""
    return f"{', '.join(refs[:_MOST_REFS])}{more}"
