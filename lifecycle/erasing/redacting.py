"""Takes words out of texts so that what stays is still valid, and says the same to every guard.

A word is replaced alike wherever it stands, so that equal texts stay equal, and each spelling of it
differently, so that texts that differed still differ: in capitals alone, since guards that look
past capitals are to see what they saw. Words of the policy and of the lifecycle, days, amounts
and digests are never touched.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from guards.texts import said
from states.agreement import Contact
from states.attachment import Attachment
from states.records import OUTCOMES, Evaluation, Record, ScoreSheet

T = TypeVar("T")

GONE = re.compile(r"\[erased on line \d+\]")
"""What stands in the place of a whole text."""

_WORDS = frozenset(
    {
        "type",
        "origin",
        "role",
        "side",
        "kind",
        "country",
        "currency",
        "why",
        "goals",
        "sectors",
        "markets",
        "signed",
        "direction",
        "recommendation",
        "criteria",
        "sha256",
        "deed",
        "subject",
    }
)
"""Keys whose values are words of the policy or of the lifecycle, or no text at all."""

_TOLD = frozenset(
    {
        "text",
        "source",
        "evidence",
        "factors",
        "findings",
        "of_renewing",
        "name",
    }
)
"""Keys of sheets, records and attachments that people fill in freely, and nothing refers to."""

_CLASSES: Mapping[str, Any] = {
    "scores": ScoreSheet,
    "evaluation": Evaluation,
    "contacts": tuple[Contact, ...],
    "attachment": Attachment,
}
_PLACEHOLDER = re.compile(r"\[erased (\d+)\]|\berased-(\d+)\b", re.IGNORECASE)
# What was left by erasing before is no text of anybody's.
_LEFT = r"\[erased (?:on line )?\d+\]|\berased-\d+\b"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BETWEEN = r"[\s._-]+"
# Scripts that put no space between words: there a name ends in the middle of what \w takes for one.
_LETTER = r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_ERASED = "erased"


def class_of(kind: str | None) -> Any:  # noqa: ANN401 - a class, or a tuple of one
    """Return what a content of this kind is, or None for one in which people write nothing."""
    word = kind or ""
    return Record if word.startswith("record.") else _CLASSES.get(word)


class Wording:
    """What replaces some words, alike in every text that it is called with.

    `number` is that of the first word's placeholder: [erased 1], or erased-1 within an id.
    """

    def __init__(self, words: Sequence[str], number: int = 1) -> None:
        """Take the words; one that is longer is looked for first."""
        ordered = sorted(enumerate(words), key=lambda pair: len(pair[1]), reverse=True)
        self._number = number
        self._spellings: list[dict[str, int]] = [{word: 0} for word in words]
        forms = (f"(?P<w{index}>{'|'.join(_forms(word))})" for index, word in ordered)
        self._pattern = re.compile("|".join((_LEFT, *forms)), re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """Return a text without the words."""
        in_id = _ID.fullmatch(text) is not None
        return self._pattern.sub(lambda match: self._instead(match, in_id=in_id), text)

    def found_in(self, text: str) -> bool:
        """Whether one of the words stands in a text."""
        return any(match.lastgroup for match in self._pattern.finditer(text))

    def _instead(self, match: re.Match[str], *, in_id: bool) -> str:
        if match.lastgroup is None:
            return match[0]
        index = int(match.lastgroup[1:])
        number = self._number + index
        if in_id:
            return f"{_ERASED}-{number}"
        spellings = self._spellings[index]
        spelling = spellings.setdefault(match[0], len(spellings))
        capitals = (
            letter.upper() if spelling >> place & 1 else letter
            for place, letter in enumerate(_ERASED)
        )
        return f"[{''.join(capitals)} {number}]"


def first_free(texts: Iterable[str]) -> int:
    """Return the first number of a placeholder that no text has, nor any after it."""
    taken = (int(one or other) for text in texts for one, other in _PLACEHOLDER.findall(text))
    return max(taken, default=0) + 1


def redacted(value: T, swap: Callable[[str], str], logins: frozenset[str] = frozenset()) -> T:
    """Return a document, a sheet or a record with `swap` done to every text that people wrote.

    An owner who is one of `logins` stays: the lines name who acted, and notices go to owners.
    """

    def change(key: str, text: str) -> str:
        word = key in _WORDS or (key == "outcome" and text in OUTCOMES)
        return text if word or (key == "owner" and text in logins) else swap(text)

    return _mapped(value, change)  # type: ignore[no-any-return] # what it was


def emptied(value: T, gone: str) -> T:
    """Return a sheet, a record or an attachment with `gone` in the place of what people wrote.

    What refers to something (ids, kinds) stays, and so does what said nothing, since a guard would
    see the difference. Contacts go altogether.
    """
    if isinstance(value, tuple):
        return value[:0]  # type: ignore[return-value] # a tuple of the same

    def change(key: str, text: str) -> str:
        return gone if key in _TOLD and said(text) and not GONE.search(text) else text

    return _mapped(value, change)  # type: ignore[no-any-return] # what it was


def _forms(word: str) -> list[str]:
    """Return patterns for a word as it may be spelled: composed or not, without its accents."""
    composed = unicodedata.normalize("NFC", word)
    plain = unicodedata.normalize("NFKD", composed).encode("ascii", "ignore").decode()
    spelled = [composed, unicodedata.normalize("NFD", composed)]
    if len(plain) == len(composed):
        spelled.append(plain)
    return [_form(one) for one in dict.fromkeys(spelled)]


def _form(word: str) -> str:
    inner = _BETWEEN.join(re.escape(part) for part in word.split())
    before = f"(?<!{_LETTER})" if re.match(_LETTER, word) else ""
    after = f"(?!{_LETTER})" if re.match(_LETTER, word[-1]) else ""
    return f"{before}{inner}{after}"


def _mapped(value: Any, change: Callable[[str, str], str], key: str = "") -> Any:  # noqa: ANN401
    """Return a value with each of its texts changed; days, amounts and enums are no texts."""
    match value:
        case str() if type(value) is str:
            return change(key, value)
        case tuple():
            return tuple(_mapped(item, change, key) for item in value)
        case Mapping():
            return {name: _mapped(item, change, key) for name, item in value.items()}
        case msgspec.Struct():
            fields = msgspec.structs.asdict(value)
            return msgspec.structs.replace(
                value, **{name: _mapped(item, change, name) for name, item in fields.items()}
            )
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
            return dataclasses.replace(
                value, **{name: _mapped(item, change, name) for name, item in fields.items()}
            )
        case _:
            return value
