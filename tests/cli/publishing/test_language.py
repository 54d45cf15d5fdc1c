"""The register's languages: their forms, the words of the vocabulary, and whole catalogues."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from babel.messages.catalog import Message
from hypothesis import given
from hypothesis import strategies as st

from cli.publishing.language import language, languages
from cli.publishing.vocabulary import KINDS, VOCABULARY
from guards.policy import LANGUAGES, Vocabulary
from lifecycle.partners.obligations import Fate
from states.attachment import ATTACHMENT_KINDS
from states.problem import InvalidInputError
from states.records import ANNUAL_PARTS, OUTCOMES
from states.vocabulary import DueRule, Role, Rule, State, Trigger
from store.policies import parse_policy, shipped, shipped_policy
from tests import catalogues

ENGLISH, FRENCH = language("en"), language("fr")
KEYS = {
    "origins": "origin",
    "roles": "role",
    "party_kinds": "party",
    "partner_reasons": "reason",
    "project_kinds": "project",
    "objective_kinds": "objective",
    "grounds": "ground",
}
KEPT = re.compile(r"%%|%\(\w+\)[sd]|\{\w*\}|<[^>]+>")
"""What a translation leaves as it is: what values stand for, and tags."""

BADLY_SET = re.compile(r"""'|\.\.\.|"|[^\u00a0]:(?!//)|«[^\u00a0]|[^\u00a0]»|[\u00a0 ][;!?]| %""")
"""What Canadian French typography doesn't have (Office québécois de la langue française)."""


def test_each_language_has_its_own_forms() -> None:
    """Days, money, numbers, shares and names are written as the locale writes them."""
    written = [
        (
            one.name,
            one.tag,
            one.day(date(2026, 11, 1)),
            one.money(Decimal(60000), "CAD"),
            one.number(Decimal("-1234567.5")),
            one.percent(83),
            one.country("CN"),
            one.language("fr"),
        )
        for one in (ENGLISH, FRENCH)
    ]
    assert written == [
        (
            *("English", "en-CA", "November 1, 2026", "60,000\u00a0CAD"),
            *("-1,234,567.5", "83%", "China", "French"),
        ),
        (
            *("Français", "fr-CA", "1 novembre 2026", "60\u00a0000\u00a0CAD"),
            *("-1\u00a0234\u00a0567,5", "83\u00a0%", "Chine", "français"),
        ),
    ]


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("1986", "1986", "1986"),
        ("2002-04", "April 2002", "avril 2002"),
        ("2013-10-03", "October 3, 2013", "3 octobre 2013"),
        ("unknown", "Not known", "Inconnue"),
    ],
)
def test_date_of_signing_keeps_its_precision(text: str, english: str, french: str) -> None:
    """A year stays a year and a month a month; what is not known is said to be so."""
    assert (ENGLISH.partial(text), FRENCH.partial(text)) == (english, french)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.integers().map(Decimal))
def test_numbers_and_amounts_lose_nothing(value: Decimal) -> None:
    """What is written reads back as the exact value, in either language: nothing is rounded."""
    for one, group, point in ((ENGLISH, ",", "."), (FRENCH, "\u00a0", ",")):
        amount, code = one.money(value, "CAD").rsplit("\u00a0", 1)
        read = [
            Decimal(text.replace(group, "").replace(point, "."))
            for text in (one.number(value), amount)
        ]
        assert (read, code) == ([value, value], "CAD")


def test_word_is_called_by_what_it_is_a_word_of() -> None:
    """A state and its trigger, a milestone and an objective have words of their own."""
    assert [FRENCH.word(word) for word in (State.SUNSET, Trigger.SUNSET)] == [
        "Non reconduite",
        "Non-reconduction décidée",
    ]
    assert [FRENCH.word("met", of) for of in ("milestone", "obligation", "outcome")] == [
        "Franchi",
        "Remplie",
        "Atteints",
    ]
    assert ENGLISH.word("term_over") == "Term ends"


def test_citys_own_word_is_shown_as_it_is_written() -> None:
    """A word that no catalogue knows comes with blanks for underscores, and is not refused."""
    shown = [one.word("twinning_of_schools", "project") for one in (ENGLISH, FRENCH)]
    assert shown == ["Twinning of schools"] * 2
    assert FRENCH.country("ZZ9") == "ZZ9"


def known() -> Iterator[tuple[str, str]]:
    """Yield each word that the engine or a shipped policy has, with what it is a word of."""
    for kind, of in KINDS.items():
        yield from ((of, word) for word in kind)  # type: ignore[attr-defined] # an enumeration
    yield from (("outcome", word) for word in OUTCOMES)
    yield from (("obligation", word) for word in (*OUTCOMES, *Fate))
    yield from (("file", word) for word in ATTACHMENT_KINDS)
    yield from (("annual", word) for word in ANNUAL_PARTS)
    for name in shipped():
        words = parse_policy(shipped_policy(name)).vocabulary
        for key in fields(Vocabulary):
            yield from ((KEYS[key.name], word) for word in getattr(words, key.name))


def test_every_word_of_engine_and_shipped_policies_is_called_something() -> None:
    """No page shows a code where the product knows the word; nor is a label of no word kept."""
    assert {State, Trigger, Rule, DueRule, Role} == set(KINDS)
    unnamed = {(of, word) for of, word in known() if word not in VOCABULARY[of]}
    assert unnamed == set()


def test_unknown_language_is_refused_with_those_that_there_are() -> None:
    """A policy that wants a language without a catalogue is told which ones have one."""
    with pytest.raises(InvalidInputError) as told:
        language("tlh")
    assert told.value.problems[0].allowed == languages() == LANGUAGES


def test_catalogues_are_what_the_sources_ask_for() -> None:
    """No message lacks, none is left over: what `make translations` writes is what is there."""
    for path, text in catalogues.written():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make translations`"


@pytest.mark.parametrize("code", catalogues.translated())
def test_every_message_is_translated_with_its_placeholders(code: str) -> None:
    """None is empty or fuzzy; each has the placeholders and tags of the English, in each plural."""
    catalogue = catalogues.read(code)
    messages = [one for one in catalogue if one.id]
    assert [one.id for one in messages if one.fuzzy or not all(strings(one))] == []
    assert {len(strings(one)) for one in messages if one.pluralizable} <= {catalogue.num_plurals}
    altered = [one.id for one in messages if not kept(one) >= {*map(marks, strings(one))}]
    assert altered == []


def test_french_is_set_as_canadian_french() -> None:
    """No-break blanks inside guillemets and before colons and %, and no typewriter's signs."""
    texts = [text for one in catalogues.read("fr") for text in strings(one)]
    shown = [re.sub(r"%\(\w+\)[sd]|<[^>]*>", "x", text).replace("%%", "%") for text in texts[1:]]
    assert [text for text in shown if BADLY_SET.search(text)] == []


def kept(message: Message) -> set[tuple[str, ...]]:
    """Return which marks a translation may have: those of the English, or of one of its plurals."""
    return set(map(marks, (message.id,) if isinstance(message.id, str) else message.id))


def marks(text: str) -> tuple[str, ...]:
    """Return the placeholders and tags of a text, in the order of their names."""
    return tuple(sorted(KEPT.findall(text)))


def strings(message: Message) -> tuple[str, ...]:
    """Return a message's translations: one, or one a plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
