"""What the crowd does: pull a trigger, run a night, adopt, write, type a command, or go on and on.

Each deed is a value that is sent to a process of the crowd, which has all that it needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifecycle.adoption import adopt
from lifecycle.advance import advance
from lifecycle.nightly import nightly
from lifecycle.order import Receipt
from lifecycle.ports import Unit
from states.ref import Ref
from states.vocabulary import Trigger
from store.policies import parse_policy
from tests.cli.running import run
from tests.concurrency.crowd import Deed, Hand, Result, done


def told(receipt: Receipt) -> Result:
    """Return what a receipt says."""
    unmet = [condition for _severity, condition in receipt.unmet]
    return Result(
        "repeated" if receipt.repeated else receipt.outcome,
        tuple(condition.code for condition in unmet),
        tuple(condition.message for condition in unmet),
        (receipt.ref,),
        receipt.n,
    )


@dataclass(frozen=True)
class Pull:
    """Pull a trigger on an agreement."""

    day: date
    ref: str
    trigger: Trigger
    ground: str | None = None
    actor: str | None = None
    key: str | None = None

    def __call__(self, hand: Hand) -> Result:
        """Pull it."""
        order = hand.order(self.day, self.actor, ground=self.ground, key=self.key)
        with hand.store.unit() as unit:
            return told(advance(unit, order, Ref.parse(self.ref), self.trigger))


@dataclass(frozen=True)
class Give:
    """Give an order to a use case that is a function of some module, with these arguments."""

    day: date
    use: Callable[..., Receipt]
    args: tuple[Any, ...]
    actor: str | None = None
    key: str | None = None

    def __call__(self, hand: Hand) -> Result:
        """Give it."""

        def act(unit: Unit) -> Receipt:
            return self.use(unit, hand.order(self.day, self.actor, key=self.key), *self.args)

        with hand.store.unit() as unit:
            return told(act(unit))


@dataclass(frozen=True)
class Night:
    """Run the nightly check; the refs are those of which something came."""

    day: date

    def __call__(self, hand: Hand) -> Result:
        """Run it."""
        items = nightly(hand.store, hand.order(self.day)).items
        fired = tuple(item.ref for item in items if item.outcome == "fired")
        return Result("ran", tuple(item.outcome for item in items), refs=fired)


@dataclass(frozen=True)
class Adopt:
    """Adopt a policy as of a day; in a sandbox without grants one person is enough."""

    day: date
    body: bytes

    def __call__(self, hand: Hand) -> Result:
        """Adopt it."""
        rules = parse_policy(self.body)
        with hand.store.unit() as unit:
            return told(adopt(unit, hand.order(self.day), self.body, rules, self.day))


@dataclass(frozen=True)
class Several:
    """Do several deeds one after the other, whatever becomes of each."""

    deeds: tuple[Deed, ...]

    def __call__(self, hand: Hand) -> Result:
        """Do them."""
        return Result("done", parts=tuple(done(hand, deed) for deed in self.deeds))


@dataclass(frozen=True)
class Watched:
    """Do a deed; `codes` tell how long the program's own stream was before it and after it."""

    deed: Deed

    def __call__(self, hand: Hand) -> Result:
        """Do it between two looks."""
        before = head(hand)
        result = done(hand, self.deed)
        return Result("watched", (str(before), str(head(hand))), parts=(result,))


@dataclass(frozen=True)
class Until:
    """Do deeds in turn, again and again, until the program's own stream has so many lines."""

    lines: int
    deeds: tuple[Deed, ...]

    def __call__(self, hand: Hand) -> Result:
        """Do them, and once more when it has."""
        parts: list[Result] = []
        last = False
        while not last:
            last = head(hand) >= self.lines
            parts += [done(hand, deed) for deed in self.deeds]
        return Result("done", parts=tuple(parts))


@dataclass(frozen=True)
class After:
    """Do a deed as soon as an agreement's stream has so many lines."""

    ref: str
    lines: int
    deed: Deed

    def __call__(self, hand: Hand) -> Result:
        """Wait, and do it."""
        key = Ref.parse(self.ref).key
        while True:
            with hand.store.reading() as reader:
                standing = reader.standing(key)
            if standing is not None and standing.n >= self.lines:
                return done(hand, self.deed)


def head(hand: Hand) -> int:
    """Return how many lines the program's own stream has."""
    with hand.store.reading() as reader:
        return reader.program_head()[0]


@dataclass(frozen=True)
class Typed:
    """Type a command line; its answer in JSON is read as far as the tests ask."""

    words: tuple[str, ...]

    def __call__(self, hand: Hand) -> Result:
        """Run it in this process, as the operating system would in another."""
        ran = run("--db", hand.url, "--as", hand.name, "--json", *self.words)
        if ran.code not in {0, 1}:
            error = ran.errors[0]
            return Result(f"exit {ran.code}", (error["code"],), (error["message"],))
        answer = ran.json
        parts = answer if isinstance(answer, list) else [answer]
        return Result(
            f"exit {ran.code}",
            tuple(unmet["code"] for part in parts for unmet in part.get("unmet", ())),
            refs=tuple(ref for part in parts for ref in part.get("refs", [part.get("ref")])),
        )
