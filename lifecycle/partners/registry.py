"""The registry of partners on both sides, derived from the documents of a portfolio (R2, R3, R24).

A partner is what its country and its name say, whatever the case and accents; two names are one
partner only where a document says so by an alias. No table holds it: it is made anew each time.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from guards.proposal import CIVIL_AUTHORITIES
from lifecycle.dossiers import Dossier, Part
from states.agreement import Party
from states.names import bare, plain
from states.ref import Ref
from states.vocabulary import State

PARTS = (Part.DOCUMENT, Part.TERMS)
"""The parts of a dossier that are read for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A party of one agreement.

    `role` is the City's in it; `signed` its first signing, as exactly as that is known. The party
    that `leads` the other side is the one that lists name, whose `aliases` the document's are;
    `engages` are the agreement's other parties that are alternative partners.
    """

    ref: Ref
    title: str
    type: str
    state: State
    role: str | None
    signed: str | None
    party: Party
    leads: bool = False
    aliases: tuple[str, ...] = ()
    engages: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner, with everything that ties it to the program, in the order of references."""

    name: str
    country: str | None
    aliases: tuple[str, ...]
    ties: tuple[Tie, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides on which it is a party: `home`, `partner`."""
        return _distinct(tie.party.side for tie in self.ties)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kind of organisation it is, as its agreements say (R2)."""
        return _distinct(tie.party.kind for tie in self.ties)

    @property
    def metros(self) -> tuple[str, ...]:
        """The metropolitan areas that it is in."""
        return _distinct(tie.party.metro or "" for tie in self.ties)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it was chosen as an alternative partner (R3)."""
        return _distinct(tie.party.why or "" for tie in self.ties)

    @property
    def alternative(self) -> bool:
        """Whether it is a partner other than a city or a region (R2)."""
        return any(is_alternative(tie.party) for tie in self.ties)

    @property
    def since(self) -> str | None:
        """When the first of its agreements was signed: a year, a month or a day."""
        return min((tie.signed for tie in self.ties if tie.signed), default=None)

    @property
    def engages(self) -> tuple[str, ...]:
        """The alternative partners of its agreements, by name (R24)."""
        named = {plain(party.name): party.name for tie in self.ties for party in tie.engages}
        return tuple(sorted(named.values(), key=plain))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it goes by, the one that it is listed under first."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which partners are asked for; what is None asks nothing. `text` is in a name or a metro."""

    side: str | None = None
    kind: str | None = None
    country: str | None = None
    alternative: bool | None = None
    text: str | None = None

    def asks_for(self, partner: Partner) -> bool:
        """Whether a partner is asked for."""
        word = plain(self.text or "")
        return (
            self.side in {None, *partner.sides}
            and self.kind in {None, *partner.kinds}
            and self.country in {None, partner.country}
            and self.alternative in {None, partner.alternative}
            and any(word in plain(text) for text in (*partner.names, *partner.metros))
        )


def is_alternative(party: Party) -> bool:
    """Whether a party is no civil authority; of one whose kind is not stated nobody knows."""
    return bool(party.kind) and party.kind not in CIVIL_AUTHORITIES


def registry(dossiers: Iterable[Dossier]) -> tuple[Partner, ...]:
    """Return every partner of some agreements, by name; the dossiers have `PARTS`."""
    ties: defaultdict[_At, list[Tie]] = defaultdict(list)
    for dossier in dossiers:
        for tie in _ties(dossier):
            ties[tie.party.country, plain(tie.party.name)].append(tie)
    found = (_partner(country, group) for country, group in _grouped(ties))
    return tuple(sorted(found, key=lambda one: (plain(one.name), one.country or "")))


def called(partners: Collection[Partner], name: str) -> Sequence[Partner]:
    """Return whom a name may mean: those that go by it; else those that have it in a name."""
    word = plain(name)
    if exact := [one for one in partners if word in map(plain, one.names)]:
        return exact
    return [one for one in partners if any(word in plain(known) for known in one.names)]


def akin(partners: Iterable[Partner], partner: Partner) -> Sequence[Partner]:
    """Return others of the same country whose name may be the same one, written otherwise.

    One name's words begin the other's, they differ in what stands in brackets alone, or in a few
    letters. It is a question to somebody, and never an answer.
    """
    own = set(map(bare, partner.names))
    others = [one for one in partners if one is not partner and one.country == partner.country]
    known = {name for one in others for name in map(bare, one.names)}
    near = {name for name in known if any(_begins(name, mine) for mine in own)}
    for mine in own:
        near.update(get_close_matches(mine, known, n=_MOST_NEAR, cutoff=_NEAR))
    return [one for one in others if not near.isdisjoint(map(bare, one.names))]


_NEAR, _MOST_NEAR = 3 / 4, 3
"""How much of two names is alike (0 to 1, Ratcliff and Obershelp) where they may be one."""


_At = tuple[str | None, str]
"""The country and the plain name under which ties are found."""


def _ties(dossier: Dossier) -> Iterator[Tie]:
    agreement, standing = dossier.agreement, dossier.standing
    alternative = [party for party in agreement.parties if is_alternative(party)]
    for party in agreement.parties:
        if party.name.strip():
            yield Tie(
                ref=dossier.ref,
                title=agreement.title,
                type=agreement.type,
                state=standing.state,
                role=agreement.role,
                signed=next((term.signed_on for term in dossier.terms if term.signed_on), None),
                party=party,
                leads=party is agreement.partner,
                aliases=agreement.aliases if party is agreement.partner else (),
                engages=tuple(one for one in alternative if one is not party),
            )


def _grouped(ties: dict[_At, list[Tie]]) -> Iterator[tuple[str | None, list[Tie]]]:
    """Yield the ties of each partner with its country.

    A party without a country is the one of that name, where there is just one.
    """
    countries: defaultdict[str, set[str | None]] = defaultdict(set)
    for country, name in ties:
        countries[name].add(country)
    same = _Same(ties)
    for at in ties:
        known = countries[at[1]] - {None}
        if at[0] is None and len(known) == 1:
            same.join((next(iter(known)), at[1]), at)
    for at, group in ties.items():
        for tie in group:
            for alias in tie.aliases:
                same.join(at, (at[0], plain(alias)))
    groups: defaultdict[_At, list[Tie]] = defaultdict(list)
    for at, group in ties.items():
        groups[same.first(at)] += group
    for first, group in groups.items():
        country = next((tie.party.country for tie in group if tie.party.country), first[0])
        yield country, sorted(group, key=lambda tie: tie.ref)


class _Same:
    """Which names stand for one partner; a name that no party has joins nobody."""

    def __init__(self, known: Collection[_At]) -> None:
        self._known = known
        self._of: dict[_At, _At] = {}

    def first(self, at: _At) -> _At:
        while at in self._of:
            at = self._of[at]
        return at

    def join(self, one: _At, other: _At) -> None:
        if one in self._known and other in self._known:
            first, second = self.first(one), self.first(other)
            if first != second:
                self._of[second] = first


def _partner(country: str | None, ties: Sequence[Tie]) -> Partner:
    """Return a partner under the name that most of its agreements write, the latest of several."""
    aliases = [alias for tie in ties for alias in tie.aliases]
    folded = set(map(plain, aliases))
    written = [tie.party.name for tie in reversed(ties)]
    own = [name for name in written if plain(name) not in folded] or written
    name = Counter(own).most_common(1)[0][0]
    others = {plain(other): other for other in (*aliases, *written) if plain(other) != plain(name)}
    return Partner(name, country, tuple(sorted(others.values(), key=plain)), tuple(ties))


def _begins(one: str, other: str) -> bool:
    shorter, longer = sorted((one.split(), other.split()), key=len)
    return longer[: len(shorter)] == shorter


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
