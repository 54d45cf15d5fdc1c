"""A search for an agreement in force that `sign`'s guards would refuse, by whatever path.

The people of `Town` do anything in any order, and `Oracle` looks after each deed. That the search
would find a hole is shown by holes that are planted.
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, event, settings, target
from hypothesis import strategies as st
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guards import decision
from guards.conditions import Verdict
from lifecycle import amending, authority, reclassifying, taking_back
from lifecycle.amending import signing_verdicts, softened
from states.vocabulary import Role, State, Trigger
from tests.properties.city import (
    COUNTRIES,
    GRANTS,
    HELD_LONG,
    HELD_SHORT,
    KEPT,
    KINDS,
    MUTATIONS,
    OTHERS,
    SPLIT,
    TYPES,
    Rules,
)
from tests.properties.told import Breach
from tests.properties.town import Town, Way
from tests.rejudging import hold_own_rules

MOST_AGREEMENTS = 5
WHICH = st.integers(0, MOST_AGREEMENTS - 1)
WHO = st.integers(0, 5)
WAYS = st.builds(
    Way,
    st.sampled_from(["approved"] * 6 + ["own", "body", "other", "self"]),
    WHO,
    WHO,
)
NAMES = st.lists(st.sampled_from(sorted(MUTATIONS)), min_size=1, max_size=3).map(tuple)
SOUND = st.sampled_from(
    [("retitle",), ("mend", "retitle"), ("to BR",), ("term now",), ("mend", "term later")]
)
CHANGED = st.one_of(NAMES, SOUND)
GROUND = st.sampled_from([None, "dormant", "dormant"])
BACK = st.sampled_from([0, 0, 0, 0, 1, 30, 80])
DAYS = st.sampled_from([0, 1, 20, 40, 60, 100, 200, 400, 1200])
FIRST_STEPS = st.sampled_from([4, 4, 4, 3, 2, 0])
DEEDS = st.one_of(
    st.tuples(st.just("edit"), NAMES, WHO),
    st.tuples(st.just("keep_up"), st.lists(st.sampled_from(KEPT), min_size=1).map(tuple), WHO),
    st.tuples(st.just("score"), WHO),
    st.tuples(st.just("evaluate"), WHO),
    st.tuples(st.just("record"), st.sampled_from([0, 0, 90]), WHO),
    st.tuples(st.just("attach"), st.sampled_from(["signed", "resolution"]), WHO),
    st.tuples(st.just("pull"), st.sampled_from(list(Trigger)), WAYS, GROUND, BACK),
    st.tuples(st.just("pull_likely"), WHO, WAYS, GROUND, BACK),
    st.tuples(st.just("pull_likely"), WHO, WAYS, GROUND, st.just(0)),
    st.tuples(st.just("waive"), st.sampled_from([Trigger.SIGN, Trigger.ACTIVATE]), WHO, WHO),
    st.tuples(st.just("sign_with_leave"), WHO, WHO),
    st.tuples(st.just("amend"), CHANGED, WAYS, BACK),
    st.tuples(st.just("amend"), SOUND, WAYS, BACK),
    st.tuples(st.just("correct"), CHANGED, WAYS, BACK),
    st.tuples(st.just("reclassify"), st.sampled_from(TYPES), WAYS),
    st.tuples(st.just("reclassify"), st.sampled_from(TYPES), WAYS),
    st.tuples(st.just("take_back"), st.sampled_from([0, 0, 0, 1]), WAYS),
    st.tuples(st.just("take_back"), st.just(0), WAYS),
    st.tuples(st.just("void"), st.one_of(st.none(), WHICH), WAYS),
    st.tuples(st.just("mend_sheet"), WAYS),
    st.tuples(st.just("mend_record"), WHO),
)
"""What somebody does to an agreement: the deed's name in `Town`, and what it takes."""
PROPERLY = st.builds(Way, st.just("approved"), WHO, WHO)
CHANGES = st.one_of(
    st.tuples(st.just("amend"), CHANGED, PROPERLY, st.just(0)),
    st.tuples(st.just("amend"), SOUND, PROPERLY, st.just(0)),
    st.tuples(st.just("correct"), SOUND, PROPERLY, st.just(0)),
    st.tuples(st.just("correct"), CHANGED, PROPERLY, st.just(0)),
    st.tuples(st.just("reclassify"), st.sampled_from(TYPES), PROPERLY),
    st.tuples(st.just("sign_with_leave"), WHO, WHO),
)
"""What changes what was agreed on, done as it has to be."""
TRIED: Counter[tuple[str, str]] = Counter()
"""What was tried and what became of it, over all runs of this process."""
REACHED: Counter[str] = Counter()
"""In how many runs something stood at the end, over all runs of this process."""


class Search(RuleBasedStateMachine):
    """One program whose people try anything, under one policy."""

    rules_of: ClassVar[tuple[Rules, ...]] = (HELD_LONG, HELD_SHORT, SPLIT)
    town_of: ClassVar[type[Town]] = Town
    adopts = False

    def __init__(self) -> None:
        """Make the folder; the program is opened by the first rule."""
        super().__init__()
        self.folder = TemporaryDirectory()
        self.town: Town | None = None

    @property
    def there(self) -> Town:
        """The town, which is there from the first rule on."""
        assert self.town is not None
        return self.town

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Open the program, and begin with a few agreements on their way."""
        rules = data.draw(st.sampled_from(self.rules_of), label="rules")
        sandbox = data.draw(st.sampled_from([False, False, True]), label="sandbox")
        self.town = self.town_of(Path(self.folder.name), rules, sandbox=sandbox)
        for who in range(3):
            kind = data.draw(st.sampled_from(KINDS), label="kind")
            country = data.draw(st.sampled_from(COUNTRIES), label="country")
            self.town.propose(kind, country, (), who)
        steps = data.draw(
            st.tuples(FIRST_STEPS, FIRST_STEPS, st.sampled_from([0, 1, 2])), label="steps"
        )
        for which, count in enumerate(steps):
            ref = self.town.pick(which)
            for _ in range(count):
                self.town.help_on(ref, which)

    @precondition(lambda self: len(self.there.living) < MOST_AGREEMENTS)
    @rule(
        kind=st.sampled_from(TYPES),
        country=st.sampled_from(COUNTRIES),
        names=st.lists(st.sampled_from(sorted(MUTATIONS)), max_size=2).map(tuple),
        state=st.sampled_from([None, None, None, State.SIGNED, State.ACTIVE, State.EVALUATION]),
        who=WHO,
    )
    def enter(
        self, kind: str, country: str, names: tuple[str, ...], state: State | None, who: int
    ) -> None:
        """Propose an agreement, or take one over."""
        if state is None:
            self.there.propose(kind, country, names, who)
        else:
            self.there.take_over(kind, country, names, state)

    @rule(deeds=st.lists(st.tuples(WHICH, DEEDS), min_size=1, max_size=4))
    def work(self, deeds: list[tuple[int, tuple[Any, ...]]]) -> None:
        """Do a few things to agreements."""
        self._do(deeds)

    def _do(self, deeds: list[tuple[int, tuple[Any, ...]]]) -> None:
        for which, (name, *what) in deeds:
            getattr(self.there, name)(self.there.pick(which, name), *what)

    @rule(changes=st.lists(st.tuples(WHICH, CHANGES), min_size=1, max_size=3))
    def change(self, changes: list[tuple[int, tuple[Any, ...]]]) -> None:
        """Change what was agreed on, where that can be done."""
        self._do(changes)

    @rule(which=WHICH, steps=st.integers(1, 5), who=WHO, how=st.sampled_from(["approved", "own"]))
    def help_on(self, which: int, steps: int, who: int, how: str) -> None:
        """Bring an agreement on, as somebody does who knows how."""
        ref = self.there.pick(which)
        for _ in range(steps):
            self.there.help_on(ref, who, how)

    @rule(which=WHICH, deeds=st.lists(DEEDS, min_size=1, max_size=3))
    def loop(self, which: int, deeds: list[tuple[Any, ...]]) -> None:
        """End an agreement early, change it meanwhile, and try to have it back in force."""
        town, ref = self.there, self.there.pick(which, "loop")
        town.pull(ref, Trigger.TERMINATE, Way(), "dormant", 0)
        for name, *what in deeds:
            getattr(town, name)(ref, *what)
        town.take_back(ref, 0, Way(decider=which))
        town.pull(ref, Trigger.REINSTATE, Way(), "needs_changed", 0)

    @rule(which=WHICH, other=WHICH, between=DEEDS, how=st.sampled_from(["back", "keep"]))
    def make_room(self, which: int, other: int, between: tuple[Any, ...], how: str) -> None:
        """Let one agreement go, bring another into its place, and have the first one back."""
        town, ref = self.there, self.there.pick(which, "loop")
        town.pull(ref, Trigger.TERMINATE, Way(), "dormant", 0)
        name, *what = between
        getattr(town, name)(ref, *what)
        next_one = town.pick(other, "edit")
        for _ in range(4):
            town.help_on(next_one, other)
        if how == "back":
            town.take_back(ref, 0, Way(decider=which))
        else:
            town.pull(ref, Trigger.REINSTATE, Way(), "needs_changed", 0)

    @rule(days=DAYS, runs=st.sampled_from([True, True, False]))
    def pass_days(self, days: int, *, runs: bool) -> None:
        """Let days pass; the nightly check runs, or is down."""
        (self.there.night if runs else self.there.sleep)(days)

    @precondition(lambda self: not self.there.open)
    @rule(grant=st.sampled_from(GRANTS[:-1]), granted=st.booleans())
    def appoint(self, grant: tuple[str, Role], *, granted: bool) -> None:
        """Revoke a role, and mostly grant it again."""
        name, role = grant
        self.there.appoint(name, role, granted=False)
        if granted:
            self.there.appoint(name, role, granted=True)

    @precondition(lambda self: self.adopts)
    @rule(rules=st.sampled_from(OTHERS))
    def adopt(self, rules: Rules) -> None:
        """Adopt another policy."""
        self.there.adopt(rules)

    def teardown(self) -> None:
        """Replay every stream at the end."""
        try:
            if self.town is not None:
                self._end(self.town)
        finally:
            if self.town is not None:
                self.town.stage.store.close()
            self.folder.cleanup()

    def _end(self, town: Town) -> None:
        town.oracle.look()
        assert town.stage.verify() == []
        seen = town.oracle.seen
        TRIED.update(town.tried)
        REACHED.update(seen | {"runs"})
        for name in sorted(seen):
            event(f"in force after {name}")
        target(float(len(seen)), label="what was done to agreements in force")


class SearchAmongPolicies(Search):
    """The same while the city adopts one policy after another."""

    rules_of: ClassVar[tuple[Rules, ...]] = OTHERS
    adopts = True

    def _end(self, town: Town) -> None:
        """Judge each decision again by the rules of its time, which say the same."""
        super()._end(town)
        hold_own_rules(town.stage)


UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def sized(runs: int, steps: int, **more: Any) -> settings:  # noqa: ANN401 - any setting
    """Return settings of a search of so many runs of so many steps."""
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=UNHURRIED,
        **more,
    )


class LongSearch(Search):
    """The same for hours."""


class LongSearchAmongPolicies(SearchAmongPolicies):
    """The same for hours."""


# Hypothesis takes up to five minutes to shrink what it found.
TestSearch = pytest.mark.timeout(900)(Search.TestCase)
TestSearch.settings = sized(5, 20)
TestSearchAmongPolicies = pytest.mark.timeout(900)(SearchAmongPolicies.TestCase)
TestSearchAmongPolicies.settings = sized(3, 20)
LONG = (pytest.mark.reliability, pytest.mark.timeout(4 * 3600))
TestLongSearch = LONG[0](LONG[1](LongSearch.TestCase))
TestLongSearch.settings = sized(1000, 50)
TestLongSearchAmongPolicies = LONG[0](LONG[1](LongSearchAmongPolicies.TestCase))
TestLongSearchAmongPolicies.settings = sized(1000, 50)


def _amend_unjudged(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(amending, "signing_verdicts", lambda *_: ())


def _reclassify_softly(plant: pytest.MonkeyPatch) -> None:
    def soft(*judged: Any) -> tuple[Verdict, ...]:  # noqa: ANN401 - as signing_verdicts
        return tuple(map(softened, signing_verdicts(*judged)))

    plant.setattr(reclassifying, "signing_verdicts", soft)


def _take_back_without_place(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(taking_back, "place_refusals", lambda *_: ())


def _approve_anything(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(decision, "among", lambda *_: False)
    plant.setattr(authority, "among", lambda *_: False)


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("dig", "found"),
    [
        (_amend_unjudged, "sign would refuse it|who drafted decided on it"),
        (_reclassify_softly, "sign would refuse it"),
        (_take_back_without_place, "took one of|of [12] for"),
        (_approve_anything, "who drafted decided on it"),
    ],
    ids=["amend unjudged", "reclassify softly", "take back without a place", "two eyes"],
)
def test_search_finds_a_hole_that_is_there(
    dig: Callable[[pytest.MonkeyPatch], None], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of four planted holes is found."""
    dig(monkeypatch)
    runs = sized(100, 25, derandomize=True, database=None, phases=[Phase.generate])
    with pytest.raises((Breach, FlakyFailure)) as caught:
        run_state_machine_as_test(Search, settings=runs)
    breaches = getattr(caught.value, "exceptions", (caught.value,))
    assert any(re.search(found, str(breach)) for breach in breaches)
