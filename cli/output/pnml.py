"""The lifecycle as PNML (ISO/IEC 15909-2, place/transition net), for tools that replay logs.

The standard has neither final markings nor silent transitions. Both are said in the way of ProM,
which pm4py and others have taken over; without these two additions the file is what the standard's
grammar asks for.
"""

from collections.abc import Iterator

from cli.output.markup import DECLARATION, tag, text
from states.petri import Net, Step

_GRAMMAR = "http://www.pnml.org/version-2009/grammar"
_SILENT = '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/>'
_FINAL = "<finalmarkings><marking>{}<text>1</text></place></marking></finalmarkings>\n"


def pnml(net: Net, name: str) -> Iterator[str]:
    """Yield the document of a net, piece by piece."""
    yield DECLARATION
    yield tag("pnml", closed=False, xmlns=f"{_GRAMMAR}/pnml") + "\n"
    yield tag("net", closed=False, id="lifecycle", type=f"{_GRAMMAR}/ptnet") + "\n"
    yield f'{_name(name)}\n<page id="page">\n'
    for place in net.places:
        marked = "<initialMarking><text>1</text></initialMarking>" if place == net.initial else ""
        yield f"{tag('place', closed=False, id=place)}{_name(place)}{marked}</place>\n"
    for step in net.steps:
        yield from _step(step)
    yield "</page>\n"
    yield _FINAL.format(tag("place", closed=False, idref=net.final))
    yield "</net>\n</pnml>\n"


def _step(step: Step) -> Iterator[str]:
    shown = _SILENT if step.label is None else _name(step.label)
    yield f"{tag('transition', closed=False, id=step.id)}{shown}</transition>\n"
    yield tag("arc", id=f"{step.id}.in", source=step.source, target=step.id) + "\n"
    yield tag("arc", id=f"{step.id}.out", source=step.id, target=step.target) + "\n"


def _name(words: str) -> str:
    return f"<name><text>{text(words)}</text></name>"
