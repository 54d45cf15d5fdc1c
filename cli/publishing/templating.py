"""The register's templates in one language, and what stands for a value in them.

What a page says the same way each time is written once: a fixed text is translated and a day is
written when it is first met, and then kept. So a page is mostly put together of parts that are
there, of which ten thousand are made in seconds. A template is compiled once for all languages.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache, partial
from pathlib import Path

from markupsafe import Markup, escape

from cli.output.html import environment, shared
from cli.publishing.language import Language
from states.agreement import UNKNOWN

_TEMPLATES = Path(__file__).parent / "templates"
_TEXT = re.compile(r"""\b_\(("[^"]*"|'[^']*')\)""")
"""A fixed text in a template: a call with nothing to be put in."""

_KILO = 1000
_MOST = 65_536


def renderer(words: Language, written: str, common: Mapping[str, object]) -> Callable[..., str]:
    """Return what makes a page of a template's name and values; all templates have the `common`.

    What people wrote stands in `<bdi>` and is taken to be in the language `written`, so that a
    screen reader says it right on a page in another.
    """
    made = environment(_loader(), "jinja2.ext.i18n")
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined] # the extension's
        words.gettext, words.ngettext, newstyle=True
    )
    made.filters.update(
        day=_day(words),
        partial=_partial(words),
        number=words.number,
        money=words.money,
        percent=words.percent,
        country=words.country,
        word=words.word,
        size=lambda size: _size(size, words),
        moment=lambda instant: _moment(instant, words),
        share=lambda percent: min(100, max(0, percent)),
        parts=_parts,
    )
    made.globals.update(common, said_bdi=_bdi(words, written), said=_Texts(words))

    def render(template: str, **values: object) -> str:
        return made.get_template(template).render(values)

    return render


def _bdi(words: Language, written: str) -> Markup:
    """Return how what people wrote begins on a page."""
    lang = Markup(' lang="{}"').format(written) if written != words.code else Markup("")
    return Markup("<bdi{}>").format(lang)


class _Texts(dict[str, Markup]):
    """The fixed texts of the templates in a language, each from when it is first asked for."""

    def __init__(self, words: Language) -> None:
        """Take the language."""
        super().__init__()
        self._words = words

    def __missing__(self, text: str) -> Markup:
        """Translate a text."""
        return self.setdefault(text, escape(self._words.gettext(text)))


def _source(name: str) -> str:
    """Return a template in which a fixed text is looked up by itself."""
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    return _TEXT.sub(r"said[\1]", text).replace("<bdi>", "{{ said_bdi }}")


_loader = cache(partial(shared, _source))


def _day(words: Language) -> Callable[[date | None], str]:
    """Return what writes a day for people and machines; nothing for none."""

    @lru_cache(_MOST)
    def day(day: date | None) -> str:
        return Markup('<time datetime="{}">{}</time>').format(day, words.day(day)) if day else ""

    return day


def _partial(words: Language) -> Callable[[str], str]:
    """Return what writes the day of a signature, as exactly as it is known."""

    @lru_cache(_MOST)
    def partial(said: str) -> str:
        if said == UNKNOWN:
            return words.partial(said)
        return Markup('<time datetime="{}">{}</time>').format(said, words.partial(said))

    return partial


def _moment(instant: str, words: Language) -> str:
    """Return a moment of the log as its day and its time of day."""
    moment = datetime.fromisoformat(instant)
    return f"{words.day(moment.date())}, {moment:%H:%M} UTC"


def _size(size: int, words: Language) -> str:
    """Return a file's size in kilobytes or megabytes."""
    if size < _KILO * _KILO:
        kilo = Decimal(max(1, round(size / _KILO)))
        return words.gettext("{number} kB").format(number=words.number(kilo))
    mega = Decimal(size).scaleb(-6).quantize(Decimal("0.1"))
    return words.gettext("{number} MB").format(number=words.number(mega))


def _parts(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [part for part in (line.strip() for line in text.split("\n")) if part]
