"""A night that is killed at a random point, and the next run that completes it: nothing twice.

Each point begins with the same database, in which everything is due. After the next run all tables
hold what an undisturbed night leaves: each transition, refusal and notice once, each digest once a
person, every stream without a gap and each line of it over the one before (`traces`). That is
compared at each point; the product's own replay of the whole log runs at some.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import figures, postgres
from tests.cli.nights.due import NO_PLACE, Kinds, all_due
from tests.cli.nights.killing import again, counted, drawn, timed
from tests.cli.nights.traces import differences, findings, left
from tests.stage import Stage
from tests.store.raw import query

CAMPAIGN = "a night killed at a random point"
SIZES = [
    pytest.param(100, 4, 2, id="4 points of 100 due"),
    pytest.param(5_000, 200, 20, id="200 points of 5,000 due", marks=pytest.mark.reliability),
]
_HOW_FAR = (
    "SELECT (SELECT count(*) FROM agreement WHERE n > 1), (SELECT count(*) FROM notice),"
    " (SELECT count(*) FROM run WHERE outcome = 'completed')"
)


@dataclass(frozen=True, slots=True)
class Template:
    """A database in which everything is due, of which each point gets a copy."""

    stage: Stage
    many: int

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give a copy for as long as the block runs."""
        if self.stage.backend == "postgresql":
            url = postgres.new_database(postgres.name_of(self.stage.url))
            yield url
            postgres.drop(url)
            return
        path = self.stage.path.with_name("copy.db")
        shutil.copyfile(self.stage.path, path)
        yield str(path)
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()


@pytest.fixture
def template(tmp_path: Path, backend: str) -> Iterator[Callable[[int], Template]]:
    """Return what makes a database with so many due."""
    stages = []

    def make(many: int) -> Template:
        stages.append(all_due(tmp_path, backend, many))
        return Template(stages[-1], many)

    yield make
    for stage in stages:
        stage.end()


@pytest.mark.sqlite
@pytest.mark.postgresql
@pytest.mark.parametrize(("due", "points", "replayed"), SIZES)
def test_a_night_killed_at_any_point_is_completed_by_the_next_run(
    template: Callable[[int], Template], due: int, points: int, replayed: int
) -> None:
    """Nothing lost, nothing repeated, nothing torn."""
    seed = figures.first_seed()
    chance = random.Random(seed)  # noqa: S311 - of a test
    made = template(due)
    with made.copy() as url:
        statements = counted(url)
        wanted = left(url)
    as_it_should_be(wanted, due)
    with made.copy() as url:
        seconds = timed(url)
    database = figures.version_of(made.stage.url)
    with figures.measured(
        CAMPAIGN, database=database, seed=seed, rounds=points, of="points"
    ) as counts:
        counts["due_each_time"] = due
        while counts["killed"] < points:
            with made.copy() as url:
                if not drawn(chance, seconds, statements)(url):
                    counts["done_before_the_kill_and_not_counted"] += 1
                    continue
                counts["killed"] += 1
                counts[f"of_them_{how_far(url)}"] += 1
                assert again(url)["completed"]
                lost, repeated = differences(left(url), wanted)
                torn = findings(url, replayed=counts["killed"] % replayed == 0)
                counts.update(lost=lost, repeated=repeated, torn=torn)
                assert (lost, repeated, torn) == (0, 0, 0), (seed, counts["killed"])
        counts["replayed_whole"] = points // replayed


def how_far(url: str) -> str:
    """Return in words how far a night came before it was killed."""
    [[moved, told, completed]] = query(url, _HOW_FAR)
    if completed:
        return "after_it_was_completed"
    if told:
        return "with_people_told"
    return "among_the_transitions" if moved else "before_the_first_one"


def as_it_should_be(wanted: dict[str, Any], due: int) -> None:
    """Hold that an undisturbed night did what was due, by what the portfolio was made of."""
    kinds = Kinds(due)
    moves = Counter(
        (one["trigger"], one["outcome"]) for _stream, lines in wanted["lines"] for one in lines[1:]
    )
    assert moves == {
        ("activate", "ok"): kinds.starting - NO_PLACE,
        ("activate", "refused"): NO_PLACE,
        ("expire", "ok"): due - kinds.starting + kinds.over,
    }
    assert len({row[0] for row in wanted["mail"]}) == len(wanted["mail"]) > 2
    given = [row[:6] for row in wanted["notice"]]
    assert len(set(given)) == len(given) > due // 20
    assert all(row[-1] for row in wanted["notice"])
