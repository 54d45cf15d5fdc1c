"""What the nightly check watches of one agreement: a rule, what it is about, and the day.

A watch is derived wholly from the agreement's log and documents (`lifecycle.watching`); `next_on`
alone moves on as notices are given.
"""

from datetime import date

import msgspec

from states.vocabulary import DueRule, Rule

JUNCTURES = frozenset(Rule(rule) for rule in DueRule)
"""The rules of the one juncture that an agreement has ahead."""


class Watch(msgspec.Struct, frozen=True):
    """One thing that is owed, or ends, on a day.

    `item` names what of the agreement it is about (a project's or milestone's id, a year); empty
    where it is the agreement itself. `due` is that day; `next_on` the next one on which somebody is
    told, or None where nobody is to be told any more.
    """

    rule: Rule
    item: str
    due: date
    next_on: date | None
