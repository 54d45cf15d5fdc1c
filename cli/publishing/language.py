"""A language of the public register: its texts, and its forms of dates, money, numbers and words.

The texts are gettext messages, in English; `locales/LANG/LC_MESSAGES/lifecycle.po` translates them
and names, in its header, the locale whose forms Babel (CLDR) gives. A catalogue is compiled in
memory when it is first asked for. Nothing is rounded: an amount has all its places, or it would not
be the amount. What a city wrote itself (titles, names, texts) is never translated.
"""

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cli.publishing.vocabulary import KINDS, VOCABULARY
from states.agreement import UNKNOWN
from states.calendar import PartialDate
from states.money import Money
from states.problem import InvalidInputError, Problem

DOMAIN = "lifecycle"
LOCALES = Path(__file__).parent / "locales"

_SOURCE = "en"
_SOURCE_LOCALE = "en_CA"
_NO_BREAK = "\u00a0"
_MOST = 65_536
"""How many different values of a kind are kept: an agreement's dates and words come again."""


class Language:
    """A language with its locale's forms; every method returns text that is still to be escaped."""

    def __init__(self, code: str, locale: Locale, translations: NullTranslations) -> None:
        """Take a language's code (also its folder's name), its locale, and its catalogue."""
        self.code = code
        self.tag = str(locale).replace("_", "-")
        name = locale.get_language_name() or code
        self.name = name[:1].upper() + name[1:]
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
        self.pgettext = translations.pgettext
        self.npgettext = translations.npgettext
        self._locale = locale
        symbols = locale.number_symbols["latn"]
        self._signs = str.maketrans(
            {",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]}
        )
        self._share_form: str = locale.percent_formats[None].pattern
        self.day = lru_cache(_MOST)(self._day)
        self.partial = lru_cache(_MOST)(self._partial)
        self.money = lru_cache(_MOST)(self._money)
        self.number = lru_cache(_MOST)(self._number)
        self.percent = lru_cache(_MOST)(self._share)
        self.country = lru_cache(_MOST)(self._country)
        # Typed: a state and a trigger of one name are equal, and have two labels.
        self.word = lru_cache(_MOST, typed=True)(self._word)

    def _day(self, day: date) -> str:
        """Return a day in words: `November 1, 2026`, `1 novembre 2026`."""
        return format_date(day, "long", self._locale)

    def _partial(self, text: str) -> str:
        """Return a date of signing with the precision that it has, or that it is not known.

        Raises ValueError for what is neither `unknown` nor a date like 1986, 2002-04, 2013-10-03.
        """
        if text == UNKNOWN:
            return self.gettext("Not known")
        partial = PartialDate.parse(text)
        if partial.month is None:
            return str(partial)
        if partial.day is None:
            return str(format_skeleton("yMMMM", partial.earliest(), locale=self._locale))
        return self.day(partial.earliest())

    def _money(self, amount: Decimal, currency: str) -> str:
        """Return an amount with its ISO code: `60,000 CAD`, `60 000 CAD`; cents where it has any.

        A sign alone would not do: `$` is the dollar of whoever reads it.
        """
        return f"{self._written(Money(amount, currency).grouped)}{_NO_BREAK}{currency}"

    def _number(self, number: Decimal | int) -> str:
        """Return a number with all its places: `1,234.5`, `1 234,5`."""
        written = f"{Decimal(number):,f}"
        return self._written(written.rstrip("0").rstrip(".") if "." in written else written)

    def _share(self, share: int) -> str:
        """Return a share in whole per cent: `83%`, `83 %`."""
        return self._share_form.replace("#,##0", self._written(f"{share:,}"))

    def _country(self, code: str) -> str:
        """Return a country's name, by its two letters; a code that nobody has, as it is."""
        return str(self._locale.territories.get(code, code))

    def language(self, code: str) -> str:
        """Return another language's name; a code that nobody has, as it is."""
        return str(self._locale.languages.get(code, code))

    def _word(self, word: str, of: str | None = None) -> str:
        """Return what a word of the vocabulary is called, with a capital letter.

        States, triggers and rules say themselves what they are words of. Others are looked up in
        the vocabulary `of` that name, else in the first that has them. A word that none has is a
        city's own, and is shown as it is written, with blanks for its underscores.
        """
        kind = of or KINDS.get(type(word))
        for context in (kind,) if kind else VOCABULARY:
            if message := VOCABULARY[context].get(word):
                return self.pgettext(context, message)
        own = word.replace("_", " ")
        return own[:1].upper() + own[1:]

    def _written(self, number: str) -> str:
        return number.translate(self._signs)


@cache
def language(code: str) -> Language:
    """Return a language by its code (`en`, `fr`); raises InvalidInputError for any other."""
    if code not in languages():
        message = f"there is no catalogue for the language {code!r}"
        raise InvalidInputError([Problem("not_allowed", message, allowed=languages())])
    if code == _SOURCE:
        return Language(code, Locale.parse(_SOURCE_LOCALE), NullTranslations())
    with catalogue_of(code).open("rb") as file:
        catalogue = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    locale = catalogue.locale or Locale.parse(code)
    return Language(code, locale, GNUTranslations(compiled))


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages that there are: English, and each that has a catalogue."""
    found = sorted(path.name for path in LOCALES.iterdir() if catalogue_of(path.name).is_file())
    return (_SOURCE, *found)


def catalogue_of(code: str) -> Path:
    """Return where a language's catalogue lies."""
    return LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"
