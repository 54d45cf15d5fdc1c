"""What each side of one agreement owes, read for those who are about to decide on it (R45)."""

from collections.abc import Sequence
from datetime import date

from lifecycle.partners.obligations import Owed, ledger
from states.standing import Standing
from store.reader import Reader


def owed_of(reader: Reader, standing: Standing, day: date) -> Sequence[Owed]:
    """Return the obligations of both sides with what became of them by a day."""
    records = reader.records(standing.key)
    return ledger(standing, reader.document(standing), records, day)
