"""Writes the catalogues of the public register: `make translations`; a test holds that it was run.

New messages come in untranslated, and those that nothing asks for any more go. The head of a
catalogue is the translator's, and is left as it is; no file carries a date or a line number.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

import cli.publishing
from cli.publishing.language import DOMAIN, LOCALES, catalogue_of, languages

_SOURCES = Path(cli.publishing.__file__).parent
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "trim_blocks": "true"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "_label": ((1, "c"), 2)}
_WIDTH = 100

TEMPLATE = LOCALES / f"{DOMAIN}.pot"


def translated() -> tuple[str, ...]:
    """Return the languages that have a catalogue: all but the one that messages are written in."""
    return languages()[1:]


def read(code: str) -> Catalog:
    """Return a language's catalogue as it stands in its file."""
    with catalogue_of(code).open("rb") as file:
        return read_po(file)


def written() -> Iterator[tuple[Path, str]]:
    """Yield each file with what it must say for the sources as they are now."""
    messages = _messages()
    yield TEMPLATE, _text(messages)
    for code in translated():
        path = catalogue_of(code)
        head = path.read_text(encoding="utf-8").partition("\n\n")[0]
        catalogue = read(code)
        catalogue.update(messages, no_fuzzy_matching=True)
        yield path, f"{head}\n\n{_text(catalogue)}"


def _messages() -> Catalog:
    """Return what the templates and the code of the register ask for, file by file."""
    found = extract_from_dir(
        _SOURCES,
        _METHODS,
        _OPTIONS,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    messages = Catalog()
    for name, _line, message, comments, context in sorted(found, key=lambda one: one[0]):
        messages.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return messages


def _text(catalogue: Catalog) -> str:
    written = BytesIO()
    write_po(
        written,
        catalogue,
        width=_WIDTH,
        omit_header=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return written.getvalue().decode().strip("\n") + "\n"


if __name__ == "__main__":
    for path, text in written():
        path.write_text(text, encoding="utf-8")
