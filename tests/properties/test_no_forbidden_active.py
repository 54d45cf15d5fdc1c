"""A search for an agreement in force that `sign`'s guards would refuse, by any sequence of deeds."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import event, target
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

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
from tests.properties.oracle import done
from tests.properties.town import Town, Way

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
DAYS = st.sampled_from([0, 1, 20, 60, 200, 400, 1200])
DEEDS = st.one_of(
    st.tuples(st.just("edit"), NAMES, WHO),
    st.tuples(st.just("keep_up"), st.lists(st.sampled_from(KEPT), min_size=1).map(tuple), WHO),
    st.tuples(st.just("score"), WHO),
    st.tuples(st.just("evaluate"), WHO),
    st.tuples(st.just("record"), st.sampled_from([0, 0, 90]), WHO),
    st.tuples(st.just("attach"), st.sampled_from(["signed", "resolution"]), WHO),
    st.tuples(st.just("pull"), st.sampled_from(list(Trigger)), WAYS, GROUND, BACK),
    st.tuples(st.just("pull"), st.sampled_from(list(Trigger)), WAYS, GROUND, BACK),
    st.tuples(st.just("waive"), st.sampled_from([Trigger.SIGN, Trigger.ACTIVATE]), WHO, WHO),
    st.tuples(st.just("change"), st.just("amend"), CHANGED, WAYS, BACK),
    st.tuples(st.just("change"), st.just("correct"), CHANGED, WAYS, BACK),
    st.tuples(st.just("reclassify"), st.sampled_from(TYPES), WAYS),
    st.tuples(st.just("reclassify"), st.sampled_from(TYPES), WAYS),
    st.tuples(st.just("take_back"), st.sampled_from([0, 0, 0, 1]), WAYS),
    st.tuples(st.just("take_back"), st.just(0), WAYS),
    st.tuples(st.just("void"), st.one_of(st.none(), WHICH), WAYS),
    st.tuples(st.just("mend_sheet"), WAYS),
    st.tuples(st.just("mend_record"), WHO),
)
"""What somebody does to an agreement: the deed's name in `Town`, and what it takes."""
TRIED: Counter[tuple[str, str]] = Counter()
"""What was tried and what became of it, over all runs of this process."""
REACHED: Counter[str] = Counter()
"""In how many runs something stood at the end, over all runs of this process."""


class Search(RuleBasedStateMachine):
    """One program whose people try anything, under one policy."""

    rules_of: tuple[Rules, ...] = (HELD_LONG, HELD_SHORT, SPLIT)
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
        self.town = Town(Path(self.folder.name), rules, sandbox=sandbox)
        for who in range(3):
            kind = data.draw(st.sampled_from(KINDS), label="kind")
            country = data.draw(st.sampled_from(COUNTRIES), label="country")
            self.town.propose(kind, country, (), who)
        steps = data.draw(st.lists(st.integers(0, 4), min_size=3, max_size=3), label="steps")
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
        for which, (name, *what) in deeds:
            getattr(self.there, name)(self.there.pick(which), *what)

    @rule(which=WHICH, steps=st.integers(1, 5), who=WHO, how=st.sampled_from(["approved", "own"]))
    def help_on(self, which: int, steps: int, who: int, how: str) -> None:
        """Bring an agreement on, as somebody does who knows how."""
        ref = self.there.pick(which)
        for _ in range(steps):
            self.there.help_on(ref, who, how)

    @rule(which=WHICH, deeds=st.lists(DEEDS, min_size=1, max_size=3))
    def loop(self, which: int, deeds: list[tuple[Any, ...]]) -> None:
        """End an agreement early, change it meanwhile, and try to have it back in force."""
        town, ref = self.there, self.there.pick(which)
        town.pull(ref, Trigger.TERMINATE, Way(), "dormant", 0)
        for name, *what in deeds:
            getattr(town, name)(ref, *what)
        town.take_back(ref, 0, Way(decider=which))
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
        found = done(town.oracle)
        TRIED.update(town.tried)
        REACHED.update(found.keys() | {"runs"})
        for name in sorted(found):
            if name.startswith("active"):
                event(name)
        changes = sum(count for name, count in found.items() if name.startswith("active after"))
        target(float(changes), label="what was done to agreements in force")


class SearchAmongPolicies(Search):
    """The same while the city adopts one policy after another."""

    rules_of = OTHERS
    adopts = True
