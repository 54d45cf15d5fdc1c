"""Charts: the same bytes for the same figures, read without colours and without being seen."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cli.output.charts import Chart, Panel, Series, png, svg
from tests.cli.running import environment

SVG = "{http://www.w3.org/2000/svg}"
YEARS = ("2026", "2027", "2028")
PANEL = Panel(
    title="In CAD",
    categories=YEARS,
    stacks=[
        [Series("Spent", [80_000, 20_000, None]), Series("Left", [Decimal("0.5"), 1_000, None])],
        [Series("What if", [90_000, -5_000, 0])],
    ],
    limits=[Series("Budget", [90_000, 90_000, None]), Series("Aim", [1, None, 2])],
)
ONE = Series("One", [1])
CHART = Chart("Money & <places>", "In 2026, 80,000.5 of 90,000.", [PANEL])


def drawn() -> ET.Element:
    """Return the chart as SVG, read as XML."""
    return ET.fromstring(svg(CHART))  # noqa: S314 - our own


def test_a_chart_is_told_to_those_who_do_not_see_it() -> None:
    """It is one image with a title and a description, which it is labelled by."""
    root = drawn()
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == (CHART.title, CHART.description)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


def test_series_differ_by_more_than_their_colour() -> None:
    """Those side by side or on top of each other differ in their pattern, too."""
    patterns = drawn().findall(f".//{SVG}pattern")
    assert len({pattern.get("id") for pattern in patterns}) >= 2


def test_the_same_figures_give_the_same_bytes() -> None:
    """No day, no chance, no name of a machine is in it."""
    small = Chart(
        "Small", "Small.", [replace(PANEL, categories=YEARS[:1], stacks=[[ONE]], limits=())]
    )
    assert svg(small) == svg(small)
    image = png(small)
    assert image == png(small)
    assert b"Software" not in image
    assert b"Description" in image


@pytest.mark.parametrize(
    "values",
    [(0, 0, 0), (None, None, None), (1, 2, 3), (10**15, 1, Decimal("0.0001")), (-1, -2, -3)],
)
def test_any_figures_can_be_drawn(values: tuple[Decimal | int | None, ...]) -> None:
    """Nothing at all, very much beside very little, less than nothing."""
    chart = Chart("Any", "Any.", [Panel(categories=YEARS, stacks=[[Series("One", values)]])])
    assert "<svg" in svg(chart)


def test_a_name_that_the_font_lacks_is_drawn_without_a_word() -> None:
    """It is told in full in the description, and in the tables beside the chart."""
    chart = Chart("重庆", "重庆", [Panel(categories=["重庆"], stacks=[[ONE]])])
    assert "<desc" in svg(chart)


def test_many_categories_are_drawn_without_their_numbers() -> None:
    """The table beside it has them."""
    many = [str(year) for year in range(2000, 2040)]
    chart = Chart("Many", "Many.", [Panel(categories=many, stacks=[[Series("One", range(40))]])])
    assert "<!-- 39 -->" not in svg(chart)


def test_drawing_leaves_nothing_behind_and_says_nothing(tmp_path: Path) -> None:
    """Where home can't be written to neither; and matplotlib's own settings are left alone."""
    home = tmp_path / "locked"
    home.mkdir(mode=0o500)
    script = (
        "import os; from cli.output.charts import *; before = dict(os.environ);"
        "png(Chart('A', 'B', [Panel(categories=['1'], stacks=[[Series('C', [1])]])]));"
        "assert dict(os.environ) == before"
    )
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        check=False,
        env=environment(own),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert list(home.iterdir()) == []
