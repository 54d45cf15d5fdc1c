"""Random users and nights against a plain model: whatever they do, the program stays right."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from states.vocabulary import State, Trigger
from tests.properties.drafts import PEOPLE, RULES, WISHES, Wish
from tests.properties.model import MOVES, Rules
from tests.properties.world import TRIGGERS, Attempt, World

MOST_AGREEMENTS = 6
WHICH = st.integers(0, MOST_AGREEMENTS - 1)
WHO = st.sampled_from(PEOPLE)
GROUND = st.sampled_from([None, "dormant", "dormant"])
HOW = st.sampled_from(["whole", "whole", "unscored", "unanswered"])
BACK = st.sampled_from([None, None, None, 0, 1, 30, 89, 200, -1])
REVIEW = st.sampled_from([None, 0, 200, 900])
DAYS = st.sampled_from([0, 1, 6, 20, 31, 60, 200, 400, 1200])
ENTERED = st.sampled_from([State.PROPOSAL, State.SIGNED, State.ACTIVE, State.EVALUATION])
ACTS = st.builds(Attempt, WHO, GROUND, BACK)
LIKELY = st.tuples(st.just("pull_likely"), st.integers(0, 9), ACTS)
RARER = (
    st.tuples(st.just("pull"), st.sampled_from(TRIGGERS), ACTS),
    st.tuples(st.just("pull_blindly"), st.sampled_from(TRIGGERS), WHO),
    st.tuples(st.just("edit"), WISHES, WHO),
    st.tuples(st.just("keep_up"), WHO, REVIEW, WHO),
    st.tuples(st.just("score"), HOW, WHO),
    st.tuples(st.just("evaluate"), HOW, WHO),
    st.tuples(st.just("note"), WHO),
    st.tuples(st.just("ask"), WHO, GROUND),
)
DEEDS = st.sampled_from([LIKELY] * len(RARER) + list(RARER)).flatmap(lambda deed: deed)
"""What somebody does to an agreement: the deed's name in `World`, and what it takes.

One strategy and not a rule each: Hypothesis leaves rules out of an example at random, and these
people may do anything on any day.
"""
MADE: Counter[tuple[State, Trigger]] = Counter()
"""How often each move was made, over all examples of this process."""


class RandomUsers(RuleBasedStateMachine):
    """One program, a few people who try anything, and a clock that runs in leaps."""

    backend = "sqlite"

    def __init__(self) -> None:
        """Open a new program."""
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world = World(Path(self.folder.name), self.backend)

    @initialize(wish=WISHES)
    def begin(self, wish: Wish) -> None:
        """Begin with one that was taken over and one that is proposed."""
        self.world.take_over(wish, State.ACTIVE)
        self.world.propose(wish, PEOPLE[0])

    @precondition(lambda self: self.world.living < MOST_AGREEMENTS)
    @rule(wish=WISHES, state=ENTERED, who=WHO)
    def enter(self, wish: Wish, state: State, who: str) -> None:
        """Propose an agreement, or take one over."""
        if state is State.PROPOSAL:
            self.world.propose(wish, who)
        else:
            self.world.take_over(wish, state)

    @rule(deeds=st.lists(st.tuples(WHICH, DEEDS), min_size=1, max_size=5))
    def work(self, deeds: list[tuple[int, tuple[Any, ...]]]) -> None:
        """Do a few things to agreements, and send the last order again."""
        for which, (name, *what) in deeds:
            getattr(self.world, name)(*self.world.pick(which), *what)
        self.world.retry()

    @rule(which=WHICH, steps=st.integers(1, 4))
    def help_on(self, which: int, steps: int) -> None:
        """Bring an agreement on, as somebody does who knows how."""
        ref, one = self.world.pick(which)
        for _ in range(steps):
            self.world.help_on(ref, one)

    @rule(days=DAYS, runs=st.booleans(), rules=st.sampled_from([*[None] * len(RULES), *RULES]))
    def pass_days(self, days: int, *, runs: bool, rules: Rules | None) -> None:
        """Let days pass, and perhaps a policy be adopted; the nightly check runs, or is down."""
        self.world.pass_days(days)
        if rules is not None:
            self.world.adopt(rules)
        if runs:
            self.world.night()

    @invariant()
    def rows_are_where_the_model_has_them(self) -> None:
        """After every step, whatever it was."""
        self.world.hold_rows()

    @invariant()
    def nothing_active_lacks_what_it_needs(self) -> None:
        """Nothing is active without an owner and a juncture, objectives and resources."""
        self.world.hold_active()

    def teardown(self) -> None:
        """Replay every stream at the end."""
        try:
            self.world.hold_streams()
            made = [move for one in self.world.model.all.values() for move in one.moves]
            MADE.update(made)
            event(f"{len(set(made)) // 4 * 4} or more of {len(MOVES)} kinds of moves made")
        finally:
            self.world.stage.end()
            self.folder.cleanup()


class RandomUsersOfPostgresql(RandomUsers):
    """The same on PostgreSQL."""

    backend = "postgresql"


class LongRandomUsers(RandomUsers):
    """The same for hours."""


class LongRandomUsersOfPostgresql(RandomUsersOfPostgresql):
    """The same for hours."""


UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large]


def sized(runs: int, steps: int) -> settings:
    """Return settings of so many runs of so many steps."""
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=UNHURRIED,
    )


# Hypothesis takes up to five minutes to shrink what it found.
TestRandomUsers = pytest.mark.timeout(900)(RandomUsers.TestCase)
TestRandomUsers.settings = sized(10, 40)
TestRandomUsersOfPostgresql = pytest.mark.timeout(900)(RandomUsersOfPostgresql.TestCase)
TestRandomUsersOfPostgresql.settings = sized(2, 30)
LONG = (pytest.mark.reliability, pytest.mark.timeout(4 * 3600))
TestLongRandomUsers = LONG[0](LONG[1](LongRandomUsers.TestCase))
TestLongRandomUsers.settings = sized(1000, 100)
TestLongRandomUsersOfPostgresql = LONG[0](LONG[1](LongRandomUsersOfPostgresql.TestCase))
TestLongRandomUsersOfPostgresql.settings = sized(100, 50)
