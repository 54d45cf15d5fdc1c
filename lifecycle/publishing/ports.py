"""What noting publications asks of a store; a part of `lifecycle.ports.Unit`."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from states.records import Record
from states.standing import Standing


class PublishingUnit(Protocol):
    """What is asked of many agreements at once, with a fixed number of statements."""

    def lock_many(self, keys: Sequence[int]) -> Sequence[Standing]:
        """Lock those of several agreements that there are, and return where they stand.

        `keys` are in their order, in which all writers lock.
        """

    def publications_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[Record]]:
        """Return the publications that count of several agreements; of each, even if there is none.

        Where something was published is a record like others: one that was retracted is left out.
        """
