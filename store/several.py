"""What a transaction reads of several agreements at once, with a fixed number of statements."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from states.agreement import Agreement
from states.attachment import Attachment
from states.codec import decode
from states.records import Evaluation, Record, ScoreSheet
from states.standing import Standing
from states.terms import TermRow
from store import statements as sql
from store.rows import term_of

T = TypeVar("T")


class Several(ABC):
    """See `lifecycle.ports.PortfolioUnit` for what each method promises."""

    def documents(self, standings: Sequence[Standing]) -> Mapping[int, Agreement]:
        """Return the current documents of several agreements."""
        bodies = self._of_many(sql.DOCUMENTS, [standing.key for standing in standings])
        return {key: decode(Agreement, body.encode()) for key, body in bodies}

    def score_sheets(self, standings: Sequence[Standing]) -> Mapping[int, ScoreSheet]:
        """Return the score sheets of those that are scored."""
        scored = [standing.key for standing in standings if standing.score_n is not None]
        bodies = self._of_many(sql.SCORES, scored)
        return {key: decode(ScoreSheet, body.encode()) for key, body in bodies}

    def scorings_of(self, standings: Sequence[Standing]) -> Mapping[int, Mapping[int, ScoreSheet]]:
        """Return all score sheets that several agreements ever had."""
        found: defaultdict[int, dict[int, ScoreSheet]] = defaultdict(dict)
        keys = [standing.key for standing in standings]
        for key, n, body in self._of_many(sql.SCORINGS_OF, keys):
            found[key][n] = decode(ScoreSheet, body.encode())
        return found

    def evaluations(self, standings: Sequence[Standing]) -> Mapping[int, Evaluation]:
        """Return the last evaluations of those that have one."""
        evaluated = [standing.key for standing in standings if standing.evaluation_n is not None]
        bodies = self._of_many(sql.EVALUATIONS, evaluated)
        return {key: decode(Evaluation, body.encode()) for key, body in bodies}

    def evaluations_of(
        self, standings: Sequence[Standing]
    ) -> Mapping[int, Mapping[int, Evaluation]]:
        """Return all evaluations that several agreements ever had."""
        found: defaultdict[int, dict[int, Evaluation]] = defaultdict(dict)
        keys = [standing.key for standing in standings]
        for key, n, body in self._of_many(sql.EVALUATIONS_OF, keys):
            found[key][n] = decode(Evaluation, body.encode())
        return found

    def attachments_of(
        self, standings: Sequence[Standing]
    ) -> Mapping[int, Sequence[tuple[int, Attachment]]]:
        """Return what is attached to several agreements, but for files that were erased."""
        keys = [standing.key for standing in standings]
        rows = {(key, n): body for key, n, body in self._of_many(sql.ATTACHMENTS_OF, keys)}
        papers = {at: decode(Attachment, body.encode()) for at, body in rows.items()}
        digests = sorted({paper.sha256 for paper in papers.values()})
        kept = {digest for (digest,) in self._of_many(sql.KEPT_FILES, digests)}
        found: defaultdict[int, list[tuple[int, Attachment]]] = defaultdict(list)
        for (key, n), paper in papers.items():
            if paper.sha256 in kept:
                found[key].append((n, paper))
        return found

    def records_of(
        self, standings: Sequence[Standing]
    ) -> Mapping[int, Sequence[tuple[int, Record]]]:
        """Return the records that count of several agreements, each with its line's n."""
        keys = [standing.key for standing in standings]
        corrected = set(map(tuple, self._of_many(sql.CORRECTED_OF, keys)))
        found: defaultdict[int, list[tuple[int, Record]]] = defaultdict(list)
        for key, n, body in self._of_many(sql.RECORDS_OF, keys):
            if (key, n) not in corrected:
                found[key].append((n, decode(Record, body.encode())))
        return found

    def publications_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[Record]]:
        """Return the publications that count of several agreements."""
        found: dict[int, list[Record]] = {standing.key: [] for standing in standings}
        for key, body in self._of_many(sql.PUBLICATIONS_OF, list(found)):
            found[key].append(decode(Record, body.encode()))
        return found

    def lines_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[bytes]]:
        """Return the exact lines of several agreements' streams."""
        found: defaultdict[int, list[bytes]] = defaultdict(list)
        for key, line in self._of_many(sql.LINES_OF, [standing.key for standing in standings]):
            found[key].append(line.encode())
        return found

    def reasons_of(self, standings: Sequence[Standing]) -> Mapping[int, Mapping[int, str]]:
        """Return the reasons beside the lines of several agreements."""
        found: defaultdict[int, dict[int, str]] = defaultdict(dict)
        keys = [standing.key for standing in standings]
        for key, n, body in self._of_many(sql.REASONS_OF, keys):
            found[key][n] = body
        return found

    def terms_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[TermRow]]:
        """Return the terms of several agreements."""
        found: defaultdict[int, list[TermRow]] = defaultdict(list)
        keys = [standing.key for standing in standings]
        for key, *values in self._of_many(sql.TERMS_OF, keys):
            found[key].append(term_of(values))
        return found

    def documents_at(
        self, versions: Sequence[tuple[int, int]]
    ) -> Mapping[tuple[int, int], Agreement]:
        """Return the documents that were written at versions."""
        found: dict[tuple[int, int], Agreement] = {}
        for filled in _filled(versions):
            keys, numbers = zip(*filled, strict=True)
            values = dict(zip(sql.SEVERAL_KEYS, keys, strict=True))
            values |= dict(zip(sql.SEVERAL_VERSIONS, numbers, strict=True))
            for key, version, body in self._rows(sql.documents_at(), **values):
                found[key, version] = decode(Agreement, body.encode())
        return found

    def _of_many(self, statement: Any, keys: Sequence[int | str]) -> Iterator[Any]:  # noqa: ANN401
        """Yield the rows of several agreements or lines, a fixed number of them a statement."""
        for filled in _filled(keys):
            yield from self._rows(statement, **dict(zip(sql.SEVERAL_KEYS, filled, strict=True)))

    @abstractmethod
    def _rows(self, statement: Any, **values: Any) -> list[Any]:  # noqa: ANN401
        """Return the rows of a statement on the unit's program."""


def _filled(items: Sequence[T]) -> Iterator[list[T]]:
    """Yield what a statement names at once, the last part filled up with its own first item."""
    for first in range(0, len(items), sql.SEVERAL):
        some = items[first : first + sql.SEVERAL]
        yield [*some, *[some[0]] * (sql.SEVERAL - len(some))]
