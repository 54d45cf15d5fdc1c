"""Finding agreements by what people call them: a reference or its beginning, a partner, a title."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.sql.expression import BindParameter, Executable

from states.agreement import Agreement
from states.codec import decode
from states.names import plain
from states.ref import Ref
from states.standing import Standing
from store.facts import Facts
from store.rows import STANDING, standing_of
from store.statements import CURRENT
from store.tables import agreement, document

MOST_FOUND = 20
"""The most agreements that a name finds."""


class Naming(Facts):
    """What agreements are found by."""

    def find(self, text: str) -> Sequence[Standing]:
        """Return up to 20 agreements by reference, by its beginning, or by partner or title.

        A partner of exactly this name, or with this alias, comes alone, whatever else has the word
        in its title. Where nothing has the word, it is a partner whose name is spelt alike.
        """
        word = text.strip()
        if keys := _keys(self.program.code, word):
            first, last = keys
            return self._standings(_BETWEEN, first=first, last=last)
        if self._connection.row_locks:
            letters = in_any_case(word)
            exact = self._standings(_MATCHING_WHOLE, pattern=f"^({letters})$")
            found = self._with_alias(word, exact) or self._standings(_MATCHING, pattern=letters)
            return found or self._spelt_alike(word)
        escaped = word.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
        exact = self._standings(_NAMED, word=word.lower())
        found = self._with_alias(word, exact) or self._standings(_LIKE, pattern=f"%{escaped}%")
        return found or self._spelt_alike(word)

    def _with_alias(self, word: str, exact: Sequence[Standing]) -> Sequence[Standing]:
        """Return what was found by name, with the agreements whose partner has it as an alias."""
        found = {standing.key: standing for standing in exact}
        for *row, body in self._rows(_WITH_ALIASES):
            aliases = decode(Agreement, body.encode()).aliases
            if plain(word) in map(plain, aliases):
                found[row[0]] = standing_of(row)
        return [found[key] for key in sorted(found)][:MOST_FOUND]

    def _spelt_alike(self, word: str) -> Sequence[Standing]:
        """Return the agreements whose partner's name differs in accents and signs alone."""
        alike = plain(word)
        keys = [key for key, name in self._rows(_PARTNERS) if plain(name) == alike]
        found = map(self.standing, keys[:MOST_FOUND])
        return [standing for standing in found if standing is not None]

    def _standings(self, statement: Executable, **values: object) -> Sequence[Standing]:
        return [standing_of(row) for row in self._rows(statement, most=MOST_FOUND, **values)]


def in_any_case(word: str) -> str:
    """Return a regular expression of PostgreSQL's that finds a word, whatever its case."""
    return "".join(_either_case(letter) for letter in word)


def _either_case(letter: str) -> str:
    cases = {letter, letter.lower(), letter.upper()}
    single = "".join(sorted(case for case in cases if len(case) == 1))
    if letter.isalnum():
        return f"[{single}]" if len(single) > 1 else letter
    return letter if letter.isspace() else f"[{letter}]" if letter not in "^\\]" else f"\\{letter}"


def _keys(code: str, word: str) -> tuple[int, int] | None:
    """Return the first and last key that a reference or its beginning can mean."""
    found = _BEGINNING.fullmatch(word.upper())
    if not found or found[1] != code:
        return None
    if found[2] is None:
        return (0, Ref(code, 9999, 0).key)
    year, digits = int(found[2]), found[3] or ""
    if len(digits) >= _DIGITS:
        key = Ref(code, year, int(digits)).key
        return (key, key)
    width = 10 ** (_DIGITS - len(digits))
    number = int(digits or 0) * width
    last = number + width - 1 if digits else 999_999
    return (Ref(code, year, number).key, Ref(code, year, last).key)


_PROGRAM: BindParameter[Any] = bindparam("program_id")
_BEGINNING = re.compile(r"([A-Z][A-Z0-9]{1,9})(?:-(\d{4})(?:-(\d{0,6}))?)?-?")
_DIGITS = 3
_OF_PROGRAM = agreement.c.program_id == _PROGRAM
_FOUND = select(*STANDING).where(_OF_PROGRAM).order_by(agreement.c.key).limit(bindparam("most"))
_BETWEEN = _FOUND.where(agreement.c.key.between(bindparam("first"), bindparam("last")))
_NAMED = _FOUND.where(func.lower(agreement.c.partner) == bindparam("word"))
# A document's keys stand sorted in it, so that a few letters tell the few that have an alias.
_WITH_ALIASES = (
    select(*STANDING, document.c.body)
    .join(document, CURRENT)
    .where(_OF_PROGRAM, document.c.body.startswith('{"aliases":["'))
)
_LIKE = _FOUND.where(
    or_(
        func.lower(agreement.c.partner).like(bindparam("pattern"), escape="!"),
        func.lower(agreement.c.title).like(bindparam("pattern"), escape="!"),
    )
)
# PostgreSQL's lower() knows the letters of its database's locale; a pattern that spells both cases
# needs none.
_MATCHING_WHOLE = _FOUND.where(agreement.c.partner.op("~")(bindparam("pattern")))
_MATCHING = _FOUND.where(
    or_(
        agreement.c.partner.op("~")(bindparam("pattern")),
        agreement.c.title.op("~")(bindparam("pattern")),
    )
)
_PARTNERS = (
    select(agreement.c.key, agreement.c.partner)
    .where(_OF_PROGRAM, agreement.c.partner.is_not(None))
    .order_by(agreement.c.key)
)
