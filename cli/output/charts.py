"""Charts for pages and papers, as SVG and PNG: the only importer of matplotlib.

Bars by year (or any other name), side by side or stacked, with a limit drawn across them. A chart
can be read without colours, in print, and without being seen: series differ in lightness and
pattern, each value is written out, and the SVG says in words what it shows. The same figures give
the same bytes. Values are exact; only how high a bar is drawn, as a share of the axis, is a float.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple
from warnings import catch_warnings, filterwarnings

from cli.output.markup import text

if TYPE_CHECKING:
    from types import ModuleType

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One name's values, a value a category; None is no value, which is not nothing."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One pair of axes: categories along the foot, stacks of bars over them, limits across.

    `stacks` stand side by side, the series of one on top of each other. `shown` writes a value out.
    `inches` are what the bars have to spread over.
    """

    categories: Sequence[str]
    stacks: Sequence[Sequence[Series]]
    limits: Sequence[Series] = ()
    title: str = ""
    shown: Callable[[Decimal], str] = "{:,f}".format
    inches: float = 6.6


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels above each other; the description says in words what they show."""

    title: str
    description: str
    panels: Sequence[Panel]


_OUTLINES = ("#0b4f82", "#9a4a08")
_FILLS = (
    (("#0b4f82", ""), ("#a9d0ec", "////"), ("#ffffff", ""), ("#a9d0ec", "....")),
    (("#f2b06a", "\\\\\\\\"), ("#fdebd7", "...."), ("#ffffff", ""), ("#fdebd7", "")),
)
"""Each stack's fills and its outline: blue and orange, dark and light, plain and with a pattern. So
they are told apart by people of any colour vision, and in grey."""

_INK, _FAINT, _GRID, _WARN = "#1b2430", "#56616e", "#d5dbe2", "#8a1c1c"
_LIMITS = ("-", "--")
_FONT = 9
_STYLE: Mapping[str, object] = {
    "font.family": "DejaVu Sans",
    "font.size": _FONT,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _FAINT,
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "lifecycle",
    "svg.fonttype": "path",
}
_WIDTH, _HEIGHT, _DPI = 7.5, 3.4, 240
_BARE_WIDTH, _BARE_HEIGHT, _BARE_FOOT, _BARE_FONT, _PAD = 4.8, 2.3, 0.27, 10.5, 0.17
_GROUP, _OF_SIZE = 0.74, 0.009
_MOST_WRITTEN = 12
_TICKS = 5
_STEPS = (1, 2, 5, 10)
_SIZES = (0.9, 0.78, 0.72)


def svg(chart: Chart) -> str:
    """Return a chart as an SVG element, to be put into a page as it is."""
    stream = StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with _drawn(chart) as figure:
        _library().svg(figure).print_svg(stream, metadata=nothing)
    drawn = stream.getvalue()
    return _told(chart, drawn[drawn.index("<svg") :])


def bare_svg(panel: Panel) -> str:
    """Return a panel's bars alone as an SVG element, for a page that says all else beside it.

    What is written in it stays text. It has no title, no legend and no background.
    """
    stream = StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    scale = _Scale.of(panel)
    left = max(len(panel.shown(tick)) for tick in scale.ticks) * _OF_SIZE * _BARE_FONT + _PAD
    room = replace(panel, inches=_BARE_WIDTH - left)
    with _styled({"svg.fonttype": "none", "font.size": _BARE_FONT}) as library:
        figure = library.figure(figsize=(_BARE_WIDTH, _BARE_HEIGHT), facecolor="none")
        foot, beside = _BARE_FOOT / _BARE_HEIGHT, left / _BARE_WIDTH
        width = 1 - beside - _PAD / _BARE_WIDTH
        axes = figure.add_axes((beside, foot, width, 1 - foot), facecolor="none")
        _bars(axes, room)
        library.svg(figure).print_svg(stream, metadata=nothing)
    drawn = stream.getvalue()
    return drawn[drawn.index("<svg") :]


def png(chart: Chart) -> bytes:
    """Return a chart as a PNG image, fine enough for print."""
    stream = BytesIO()
    told = {"Title": chart.title, "Description": chart.description, "Software": None}
    with _drawn(chart) as figure:
        _library().agg(figure).print_png(stream, metadata=told)
    return stream.getvalue()


def load() -> None:
    """Import matplotlib now, ahead of the first chart."""
    _library()


class _Library(NamedTuple):
    """What of matplotlib is used."""

    matplotlib: "ModuleType"
    figure: "type[Figure]"
    svg: type
    agg: type


@cache
def _library() -> _Library:
    """Import matplotlib; what it would keep in the user's home goes into a folder that is gone."""
    with TemporaryDirectory(prefix="lifecycle-") as folder, _variables(folder):
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    return _Library(mpl, Figure, FigureCanvasSVG, FigureCanvasAgg)


@contextmanager
def _variables(folder: str) -> Iterator[None]:
    """Let matplotlib look neither for settings of the user's nor for fonts beside its own."""
    own = {"MPLCONFIGDIR": folder, "MPL_IGNORE_SYSTEM_FONTS": "1"}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _drawn(chart: Chart) -> "Iterator[Figure]":
    with _styled({}) as library:
        size = (_WIDTH, _HEIGHT * len(chart.panels) + 0.3)
        figure = library.figure(figsize=size, dpi=_DPI, layout="constrained", facecolor="white")
        figure.suptitle(chart.title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        axes = figure.subplots(len(chart.panels), squeeze=False)
        for panel, row in zip(chart.panels, axes, strict=True):
            _draw(row[0], panel)
        yield figure


@contextmanager
def _styled(own: Mapping[str, object]) -> Iterator[_Library]:
    """Let figures be drawn in our style, whatever the user's settings are."""
    library = _library()
    style = {**library.matplotlib.rcParamsDefault, **_STYLE, **own}
    with library.matplotlib.rc_context(style), catch_warnings():
        # A sign that the font lacks is drawn as a box; the tables beside the chart have it.
        filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        yield library


@dataclass(frozen=True, slots=True)
class _Scale:
    """How values become heights: a share of the top of the axis."""

    bottom: Decimal
    top: Decimal
    step: Decimal

    @classmethod
    def of(cls, panel: Panel) -> "_Scale":
        """Return the scale on which everything in a panel has room."""
        lines = [value for line in panel.limits for value in line.values]
        sums = [total for stack in panel.stacks for pair in _sums(stack) for total in pair]
        known = [Decimal(0), *(Decimal(value) for value in (*lines, *sums) if value is not None)]
        span = max(known) - min(known)
        step = _step(span)
        return cls(min(known), max(known) if span else step, step)

    @property
    def ticks(self) -> Sequence[Decimal]:
        """The values that are written beside the axis."""
        first, last = int(self.bottom / self.step), int(self.top / self.step)
        return [self.step * place for place in range(first, last + 1)]

    def __call__(self, value: Decimal | int) -> float:
        """Return how high a value is drawn."""
        return float(Decimal(value) / max(self.top, -self.bottom))


def _step(span: Decimal) -> Decimal:
    """Return a round distance of ticks, of which not too many fit into a span."""
    rough = max(span / _TICKS, Decimal(1))
    unit = Decimal(1).scaleb(rough.adjusted())
    return next(unit * step for step in _STEPS if unit * step >= rough)


def _sums(stack: Sequence[Series]) -> Sequence[tuple[Decimal, Decimal]]:
    """Return for each category what of a stack is below zero, and what above."""
    known = [[Decimal(value) for value in some if value is not None] for some in _columns(stack)]
    return [
        (sum((v for v in some if v < 0), Decimal()), sum((v for v in some if v > 0), Decimal()))
        for some in known
    ]


def _draw(axes: "Axes", panel: Panel) -> None:
    """Draw a panel with its title and what its bars are called."""
    if panel.title:
        axes.set_title(panel.title, loc="left", fontsize=9, color=_FAINT, pad=22)
    _bars(axes, panel)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.01, 0.99),
        ncols=4,
        frameon=False,
        borderpad=0,
        handlelength=1.6,
    )


def _bars(axes: "Axes", panel: Panel) -> None:
    scale = _Scale.of(panel)
    axes.set_xticks(range(len(panel.categories)), panel.categories)
    axes.set_yticks([scale(tick) for tick in scale.ticks], [panel.shown(t) for t in scale.ticks])
    axes.set_ylim(scale(scale.bottom), scale(scale.top) * (1.12 if _size(panel) else 1.3))
    axes.set_xlim(-0.6, len(panel.categories) - 0.4)
    axes.tick_params(length=0)
    # Below the vertical axis' lowest number, where the first category stands close to it.
    axes.tick_params(axis="x", pad=7)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    for place in range(len(panel.stacks)):
        _stack(axes, panel, scale, place)
    _limits(axes, panel, scale)


def _stack(axes: "Axes", panel: Panel, scale: _Scale, place: int) -> None:
    """Draw one stack of each category, and write out how high it is."""
    stack, width = panel.stacks[place], _GROUP / len(panel.stacks)
    middles = [
        category + (place - (len(panel.stacks) - 1) / 2) * width
        for category in range(len(panel.categories))
    ]
    below = [Decimal(0) for _ in middles]
    for number, series in enumerate(stack):
        fill, hatch = _FILLS[place][number % len(_FILLS[place])]
        heights = [Decimal(value or 0) for value in series.values]
        axes.bar(
            middles,
            [scale(height) for height in heights],
            width * 0.92,
            [scale(base) for base in below],
            label=series.name,
            color=fill,
            hatch=hatch,
            edgecolor=_OUTLINES[place],
            linewidth=0.8,
        )
        below = [base + height for base, height in zip(below, heights, strict=True)]
    if len(middles) * len(panel.stacks) <= _MOST_WRITTEN:
        _write(axes, panel, scale, stack, list(zip(middles, below, strict=True)))


def _write(
    axes: "Axes",
    panel: Panel,
    scale: _Scale,
    stack: Sequence[Series],
    heights: Sequence[tuple[float, Decimal]],
) -> None:
    """Write out how high each stack is, where it has a value at all."""
    size = _size(panel)
    for (middle, height), values in zip(heights, _columns(stack), strict=True):
        if any(value is not None for value in values):
            axes.annotate(
                panel.shown(height),
                (middle, scale(max(height, Decimal(0)))),
                (0, 3.5),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=_font() * (size or _SIZES[-1]),
                rotation=0 if size else 90,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
                zorder=4,
            )


def _size(panel: Panel) -> float | None:
    """Return the share of the font's size in which values have room; None: they stand upright."""
    tops = [above for stack in panel.stacks for _below, above in _sums(stack)]
    longest = max([len(panel.shown(top)) for top in tops], default=0)
    room = panel.inches / max(1, len(panel.categories)) * _GROUP / max(1, len(panel.stacks))
    return next((size for size in _SIZES if longest * _font() * size * _OF_SIZE <= room), None)


def _font() -> float:
    return float(_library().matplotlib.rcParams["font.size"])


def _columns(stack: Sequence[Series]) -> Sequence[tuple[Value, ...]]:
    return list(zip(*(series.values for series in stack), strict=True))


def _limits(axes: "Axes", panel: Panel, scale: _Scale) -> None:
    """Draw each limit across the bars that it is about."""
    for number, limit in enumerate(panel.limits):
        spans = [
            (place - 0.46, place + 0.46, scale(value))
            for place, value in enumerate(limit.values)
            if value is not None
        ]
        for first, (left, right, height) in enumerate(spans):
            # A light edge, so that it is seen on the darkest bar as well.
            axes.plot([left, right], [height, height], color="white", linewidth=4.4, zorder=3)
            axes.plot(
                [left, right],
                [height, height],
                _LIMITS[number % len(_LIMITS)],
                color=_WARN,
                linewidth=2.2,
                label=None if first else limit.name,
                zorder=3,
            )


def _told(chart: Chart, drawn: str) -> str:
    """Return an SVG with its title and description for those who don't see it."""
    slug = re.sub("[^a-z0-9]+", "-", chart.title.lower()).strip("-")
    tag, rest = drawn.split(">", 1)
    tag = re.sub(' width="[^"]*" height="[^"]*"', ' width="100%"', tag)
    return (
        f'{tag} role="img" aria-labelledby="{slug}-title {slug}-desc">\n'
        f' <title id="{slug}-title">{text(chart.title)}</title>\n'
        f' <desc id="{slug}-desc">{text(chart.description)}</desc>{rest}'
    )
