"""A portfolio whose agreements take every way that there is, for logs to be read by others.

Goes through the use cases only. Which step comes next is drawn; whether it may come is the engine's
own affair, so that refusals are on the log as well.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from lifecycle.subjects import of_note
from states.notes import TakenBack
from states.ref import Ref
from states.table import BY_TRIGGER, ENTRY_STATES, TRANSITIONS
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, ERIN, evaluation
from tests.properties.city import whole
from tests.stage import GROUNDED, Stage, policy_file


def _policy(places: int) -> bytes:
    """Return Toronto's with partnerships that lapse when nobody decides, and so many places."""
    types = {"partnership": {"lapse": True}}
    cap = {"at_most": places}
    return policy_file({"cap": cap, "types": types, "limits": [], "in_flight": "new"})


_TAKEN_BACK, _EDITED, _BLIND = 0.08, 0.08, 0.05
_ENDINGS = {Trigger.WITHDRAW, Trigger.DECLINE, Trigger.SUNSET}
_ONE_OF, _SLOWLY = 5, 0.03
"""One of so many agreements waits for long, until the night decides about it."""
_MOST_DAYS = 45
_LATE = 10
_AT_LAST = (40, 1460, 30, 100, 100)


class Portfolio:
    """One program in a folder, its agreements, and chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Open a new program."""
        self.stage = Stage(folder, _policy(100_000))
        self.refs: list[Ref] = []
        self._chance = Random(seed)  # noqa: S311 - drawn again from its seed

    def fill(self, agreements: int, rounds: int) -> None:
        """Enter agreements over half of the rounds, and let all of them go on in each."""
        for number in range(rounds):
            while len(self.refs) < agreements * min(1, 2 * (number + 1) / rounds):
                self._enter()
            for index, ref in enumerate(self.refs):
                if self._chance.random() < (_SLOWLY if index % _ONE_OF == 0 else 1 / 2):
                    self._go_on(ref)
            self.stage.day += timedelta(days=self._chance.randint(1, _MOST_DAYS))
            self.stage.nightly()
        # Without a place what is signed runs out unused; what nobody decides lapses.
        self.stage.adopt(_policy(1))
        late = [whole(self.stage.day, "partnership") for _ in range(_LATE)]
        self.refs += [self.stage.reach(State.SIGNED, document) for document in late]
        for days in _AT_LAST:
            self.stage.day += timedelta(days=days)
            self.stage.nightly()

    def moves(self) -> Counter[tuple[Event, Trigger | None, State | None, State | None]]:
        """Return how often each step stands on the log."""
        entries = [entry for ref in self.refs for entry in self.stage.entries(ref)]
        steps = [entry for entry in entries if entry.to and entry.outcome is Outcome.OK]
        return Counter((entry.event, entry.trigger, entry.from_, entry.to) for entry in steps)

    def _enter(self) -> None:
        if self._chance.random() < 1 / 5:
            ref = self.stage.take_over(state=self._chance.choice(ENTRY_STATES))
        else:
            document = whole(self.stage.day, "partnership", start=self._chance.randint(1, 9))
            ref = self.stage.propose(document)
        self.refs.append(ref)

    def _go_on(self, ref: Ref) -> None:
        standing = self.stage.standing(ref)
        draw = self._chance.random()
        if draw < _TAKEN_BACK and standing.moved_n:
            self._take_back(ref, standing.moved_n)
        elif draw < _TAKEN_BACK + _EDITED:
            self.stage.apply(ref, replace(self.stage.document(ref), title=f"Trade {draw}"))
        elif draw < _TAKEN_BACK + _EDITED + _BLIND:
            self.stage.advance(ref, self._chance.choice(list(Trigger)))
        else:
            self._pull(ref, standing.state)

    def _pull(self, ref: Ref, state: State) -> None:
        rows = [row for row in TRANSITIONS if state in row.sources]
        # What ends an agreement, and what the night does, comes more seldom than what leads on.
        people = [row.trigger for row in rows if row.by != (Role.SCHEDULER,)]
        weights = [1 if trigger in _ENDINGS else 4 for trigger in people]
        if not people:
            return
        (trigger,) = self._chance.choices(people, weights)
        self._prepare(ref, trigger)
        ground = "needs_changed" if trigger in GROUNDED else None
        actor = ERIN if BY_TRIGGER[trigger].by == (Role.DECIDER,) else ANNA
        self.stage.advance(ref, trigger, ground=ground, actor=actor)

    def _prepare(self, ref: Ref, trigger: Trigger) -> None:
        document = self.stage.document(ref)
        if trigger is Trigger.ACCEPT:
            self.stage.score(ref)
        if trigger in {Trigger.RENEW, Trigger.SUNSET}:
            sheet = evaluation() if document.projects else evaluation(projects=())
            self.stage.evaluate(ref, sheet)
        if trigger is Trigger.RENEW:
            self.stage.report(ref)
        if trigger is Trigger.SIGN:
            sound = whole(self.stage.day, "partnership")
            self.stage.apply(ref, replace(sound, taken_over=document.taken_over))

    def _take_back(self, ref: Ref, n: int) -> None:
        self.stage.approve(ref, "correct", of_note(TakenBack(n)), actor=ERIN)
        self.stage.take_back(ref, n)
