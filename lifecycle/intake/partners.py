"""Whether a partner is one that is known already under another name (R2, R3).

The same name in the same country is the same partner, and so is an alias on record. Names that
only resemble each other (accents, brackets, `Frankfurt am Main`, Kiev and Kyiv) are a question:
nothing is merged unless somebody says that they are the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guards.policy import Program
from lifecycle.intake.fields import NEW
from lifecycle.intake.homes import other_home
from lifecycle.intake.ports import Exonyms, OnRecord
from lifecycle.intake.reading import Candidate
from lifecycle.intake.words import keyed
from states.agreement import UNKNOWN
from states.names import bare, plain
from states.problem import InvalidInputError, Problem
from states.ref import Ref

_At = tuple[str, str, str, str]

_CITY = "city"
_SITUATED = frozenset({"am", "an", _CITY, "im", "in", "na", "nad", "on", "sur", "upon"})
"""Second words of names that are often left out: Frankfurt am Main, New York City."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner that is known: its name, and by which agreement or row."""

    name: str
    known_by: str


@dataclass(frozen=True, slots=True)
class Question:
    """Whether two names in one country mean the same partner."""

    name: str
    country: str
    known: Partner

    @property
    def same(self) -> str:
        """The answer that they do, as an option takes it."""
        return f"{self.name}={self.known.name}"

    @property
    def other(self) -> str:
        """The answer that they don't."""
        return f"{self.name}={NEW}"

    @property
    def problem(self) -> Problem:
        """What is said of a row where nobody can answer."""
        message = f"{self.name} may be {self.known.name}, known by {self.known.known_by}"
        hint = f'the same: --partner "{self.same}"; another one: --partner "{self.other}"'
        return Problem("perhaps_known", message, key="partner", hint=hint)


class UnansweredError(InvalidInputError):
    """A question of which nobody has said the answer."""

    def __init__(self, question: Question) -> None:
        """Take the question."""
        super().__init__([question.problem])
        self.question = question


@dataclass(slots=True)
class Directory:
    """The partners that are known, by what they are called; answers are by plain names.

    Of the agreements that were signed alike on one day, the first is kept.
    """

    exonyms: Exonyms
    answers: Mapping[str, str]
    named: dict[tuple[str, str], Partner] = field(default_factory=dict)
    called: dict[tuple[str, str], set[Partner]] = field(default_factory=dict)
    spelt: dict[tuple[str, str], Partner] = field(default_factory=dict)
    shortened: dict[tuple[str, str], Partner] = field(default_factory=dict)
    agreements: defaultdict[_At, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def read(self, one: OnRecord, program: Program) -> None:
        """Know a partner from the record, under its aliases too, and what was signed with it."""
        ref = str(Ref.of(program.code, one.key))
        partner = self._know(one.country, one.partner, one.aliases, ref)
        if one.signed is not None:
            other = other_home(program, one.home, one.home_country)
            at = (one.country, keyed(partner.name), one.type, other)
            self.agreements[at].setdefault(one.signed, ref)

    def meet(self, one: Candidate) -> None:
        """Know the partner of a row."""
        self._know(one.country, one.partner, one.agreement.aliases, f"row {one.row}")

    def take(self, one: Candidate) -> None:
        """Know that a row's agreement is taken over."""
        self.agreements[_at(one)].setdefault(one.signed, f"row {one.row}")

    def knows(self, country: str, name: str) -> bool:
        """Whether a name is one of a partner that is known."""
        return self._certain(country, name) is not None

    def partner(self, one: Candidate) -> str:
        """Return the name under which a row's partner is known, its own where it is a new one.

        Raises UnansweredError, and InvalidInputError for an answer that names nobody.
        """
        country, name = one.country, one.partner
        if known := self._certain(country, name):
            return known.name
        answer = one.same_as or self.answers.get(plain(name))
        if answer == NEW:
            return name
        if answer:
            return self._answered(country, name, answer)
        for known in self._alike(country, name):
            raise UnansweredError(Question(name, country, known))
        return name

    def resembles(self, one: Candidate) -> Problem | None:
        """Return what stands against a row that may be an agreement which is known already.

        Two of one type with one partner are told apart by their dates of signing alone.
        """
        for signed, known_by in self.agreements.get(_at(one), {}).items():
            unknown = UNKNOWN in {signed, one.signed}
            if unknown or signed.startswith(one.signed) or one.signed.startswith(signed):
                told = (
                    "whose date of signing is unknown" if signed == UNKNOWN else f"signed {signed}"
                )
                message = f"it may be the same agreement as {known_by}, {told}"
                hint = "leave it out if it is; else state both dates of signing to the day"
                return Problem("perhaps_repeated", message, key="signed", hint=hint)
        return None

    def _know(self, country: str, name: str, aliases: Sequence[str], known_by: str) -> Partner:
        partner = self.named.setdefault((country, keyed(name)), Partner(name, known_by))
        for called in (name, *aliases):
            self.called.setdefault((country, keyed(called)), set()).add(partner)
            for look in self._spelt(country, called):
                self.spelt.setdefault((country, look), partner)
            for look in _shortened(called):
                self.shortened.setdefault((country, look), partner)
        return partner

    def _certain(self, country: str, name: str) -> Partner | None:
        """Return who bears a name, as its own or as an alias that nobody else has."""
        at = (country, keyed(name))
        bearers = self.called.get(at, set())
        return self.named.get(at) or (next(iter(bearers)) if len(bearers) == 1 else None)

    def _alike(self, country: str, name: str) -> Iterator[Partner]:
        """Yield partners whose name resembles a name, or is the same but for what it leaves out.

        Two names that each say more (`Frankfurt am Main`, `Frankfurt (Oder)`) tell places apart.
        """
        for look in self._spelt(country, name):
            for known in (self.spelt, self.shortened):
                if (country, look) in known:
                    yield known[country, look]
        for look in _shortened(name):
            if (country, look) in self.spelt:
                yield self.spelt[country, look]

    def _answered(self, country: str, name: str, answer: str) -> str:
        found = self._certain(country, answer)
        if found is None:
            found = self.spelt.get((country, plain(answer)))
        if found is None:
            message = f"{name} is said to be {answer}, and no such partner is known in {country}"
            hint = "name a partner on record, or in a row before this one"
            problem = Problem("unknown_partner", message, key="partner", hint=hint)
            raise InvalidInputError([problem])
        return found.name

    def _spelt(self, country: str, name: str) -> Iterator[str]:
        """Yield the forms of a name: as it is spelt, and what all names of its city share."""
        yield plain(name)
        if group := self.exonyms.group(country, plain(name)):
            yield f"={group}"


def _shortened(name: str) -> Iterator[str]:
    """Yield a name without what is often left out of it."""
    whole, without = plain(name), bare(name)
    if without != whole:
        yield without
    first, *others = without.split()
    if others and others[0] in _SITUATED:
        yield first
    elif len(others) > 1 and others[-1] == _CITY:
        yield " ".join([first, *others[:-1]])


def _at(one: Candidate) -> _At:
    return one.country, keyed(one.partner), one.agreement.type, one.home
