"""Bars of a chart as part of a page: no style of their own, in the page's colours and language.

A page of the register allows no inline style, so that what the chart says of colours and sizes
becomes attributes, and each colour a class that the page's style knows in light, dark and print.
A chart is drawn once and its numbers are written in each language's form.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cli.publishing.drawing import Values, drawn

_COLOURS: Mapping[str, str] = {
    "#0b4f82": "accent",
    "#a9d0ec": "light",
    "#ffffff": "paper",
    "#1b2430": "ink",
    "#000000": "ink",
    "#56616e": "faint",
    "#d5dbe2": "line",
    "#8a1c1c": "limit",
}
"""The class of each colour that `cli.output.charts` draws with."""

_BOX = re.compile(r' viewBox="([^"]*)"')
_LEFT_OUT = re.compile(r'<style.*?</style>|<clipPath.*?</clipPath>| clip-path="[^"]*"', re.DOTALL)
_STYLE = re.compile(r' style="([^"]*)"')
_FILLED = re.compile(r' fill="(#[0-9a-f]{6})"/>')
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r"url\(#([^)]*)\)")
_NUMBER = re.compile(r">(-?[0-9,]*[,.][0-9]+)</text>")
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Inline:
    """A drawn chart: its view box, and what stands within its element."""

    box: str
    inner: str

    def said(self, number: Callable[[Decimal], str]) -> str:
        """Return it with its numbers in a language's form."""
        return _NUMBER.sub(
            lambda found: f">{number(Decimal(found[1].replace(',', '')))}</text>", self.inner
        )


@lru_cache(maxsize=64)
def inline(
    name: str, categories: tuple[str, ...], stack: tuple[Values, ...], limit: Values = ()
) -> Inline:
    """Draw stacked bars, a limit across; `name` begins all identifiers, which are the page's."""
    svg = drawn(_thinned(categories), stack, limit)
    box = _BOX.search(svg)
    inner = _LEFT_OUT.sub("", svg[svg.index(">") + 1 : svg.rindex("</svg>")])
    inner = _FILLED.sub(' style="fill: \\1"/>', inner)
    used = set(_REFERENCE.findall(inner))
    inner = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", inner)
    inner = _REFERENCE.sub(lambda found: f"url(#{name}-{found[1]})", inner)
    return Inline(box[1] if box else "", _STYLE.sub(_attributes, inner))


def _attributes(style: re.Match[str]) -> str:
    """Return a style as attributes; a colour is also a class: `fill-accent`, `stroke-line`."""
    said = dict(part.split(": ", 1) for part in style[1].split("; "))
    said.pop("font-family", None)
    classes = [f"{key}-{_COLOURS[value]}" for key, value in said.items() if value in _COLOURS]
    named = {"class": " ".join(classes)} if classes else {}
    return "".join(f' {key}="{value}"' for key, value in {**named, **said}.items())


def _thinned(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names along the foot, of many only each so many, so that they have room."""
    each = -(-len(categories) // _MOST_LABELS)
    last = len(categories) - 1
    return tuple("" if (last - place) % each else name for place, name in enumerate(categories))
