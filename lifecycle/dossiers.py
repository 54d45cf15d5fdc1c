"""Goes through a portfolio and hands out each agreement with what is on record beside it.

What reports, registers and what-ifs are made from: a batch of agreements at a time, each part with
a fixed number of statements, and only the parts that are asked for. It judges and adds up nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice

from lifecycle.entry import entry_of
from lifecycle.ports import PortfolioUnit, Unit
from lifecycle.results.running import yearly_versions
from states.agreement import Agreement
from states.attachment import Attachment
from states.records import Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.standing import Standing
from states.terms import TermRow

_BATCH = 500


class Part(Enum):
    """A part of a dossier that is read only where it is asked for."""

    DOCUMENT = auto()
    RECORDS = auto()
    SCORES = auto()
    SCORINGS = auto()
    EVALUATION = auto()
    EVALUATIONS = auto()
    LINES = auto()
    REASONS = auto()
    TERMS = auto()
    EARLIER = auto()
    YEARLY = auto()
    ATTACHMENTS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One agreement: where it stands, and those of its parts that were asked for.

    `records` are those that count, each with the n of its line; `scores` is the sheet that counts
    now, `scorings` are all that ever did, by the n of their lines; `evaluation` is the last one,
    whichever term it is of, `evaluations` are all that ever did count, by the n of their lines;
    `lines` are the exact lines of its stream, `reasons` what was given as reasons, by the n of
    their lines; `terms` come first to last; `earlier` holds, by term, the documents as they stood
    at the end of each term but the present one, `yearly`, by version, those by which it was in
    force at the end of a year; `attachments` are the files that are there, each with the n of its
    line.
    """

    ref: Ref
    standing: Standing
    document: Agreement | None = None
    records: Sequence[tuple[int, Record]] = ()
    scores: ScoreSheet | None = None
    scorings: Mapping[int, ScoreSheet] = field(default_factory=dict)
    evaluation: Evaluation | None = None
    evaluations: Mapping[int, Evaluation] = field(default_factory=dict)
    lines: Sequence[bytes] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    terms: Sequence[TermRow] = ()
    earlier: Mapping[int, Agreement] = field(default_factory=dict)
    yearly: Mapping[int, Agreement] = field(default_factory=dict)
    attachments: Sequence[tuple[int, Attachment]] = ()

    @property
    def agreement(self) -> Agreement:
        """The document, contacts left out; raises LookupError where it was not asked for."""
        if self.document is None:
            message = "this dossier was read without the document"
            raise LookupError(message)
        return self.document

    def of_kind(self, kind: str) -> Iterator[tuple[int, Record]]:
        """Yield the records of one kind, each with the n of its line."""
        return ((n, record) for n, record in self.records if record.kind == kind)


def _stands(standing: Standing) -> bool:
    return not standing.voided


def dossiers(
    unit: PortfolioUnit, *parts: Part, wanted: Callable[[Standing], bool] = _stands
) -> Iterator[Dossier]:
    """Yield the agreements of a program in the order of their references.

    `wanted` says by its row which agreements are; nothing more is read of the others. Where nothing
    is said, it is all but those that were voided.
    """
    after = -1
    while batch := unit.portfolio(after, _BATCH):
        after = batch[-1].key
        yield from _read(unit, [standing for standing in batch if wanted(standing)], parts)


def dossiers_of(
    unit: Unit, keys: Iterable[int], *parts: Part, wanted: Callable[[Standing], bool] = _stands
) -> Iterator[Dossier]:
    """Yield some agreements of a program, in the order in which they are named."""
    rest = iter(keys)
    while some := list(islice(rest, _BATCH)):
        found = {standing.key: standing for standing in unit.lock_many(sorted(some))}
        standings = [found[key] for key in some]
        yield from _read(unit, [standing for standing in standings if wanted(standing)], parts)


def _read(
    unit: PortfolioUnit, standings: Sequence[Standing], parts: Sequence[Part]
) -> Iterator[Dossier]:
    documents = unit.documents(standings) if Part.DOCUMENT in parts else {}
    records = unit.records_of(standings) if Part.RECORDS in parts else {}
    scores = unit.score_sheets(standings) if Part.SCORES in parts else {}
    scorings = unit.scorings_of(standings) if Part.SCORINGS in parts else {}
    evaluations = unit.evaluations(standings) if Part.EVALUATION in parts else {}
    every = unit.evaluations_of(standings) if Part.EVALUATIONS in parts else {}
    lines = unit.lines_of(standings) if {Part.LINES, Part.YEARLY} & set(parts) else {}
    reasons = unit.reasons_of(standings) if Part.REASONS in parts else {}
    terms = unit.terms_of(standings) if Part.TERMS in parts else {}
    earlier = _earlier(unit, standings) if Part.EARLIER in parts else {}
    yearly = _yearly(unit, lines) if Part.YEARLY in parts else {}
    papers = unit.attachments_of(standings) if Part.ATTACHMENTS in parts else {}
    for standing in standings:
        key = standing.key
        yield Dossier(
            ref=Ref.of(unit.program.code, key),
            standing=standing,
            document=documents.get(key),
            records=records.get(key, ()),
            scores=scores.get(key),
            scorings=scorings.get(key, {}),
            evaluation=evaluations.get(key),
            evaluations=every.get(key, {}),
            lines=lines.get(key, ()),
            reasons=reasons.get(key, {}),
            terms=terms.get(key, ()),
            earlier=earlier.get(key, {}),
            yearly=yearly.get(key, {}),
            attachments=papers.get(key, ()),
        )


def _earlier(
    unit: PortfolioUnit, standings: Sequence[Standing]
) -> Mapping[int, Mapping[int, Agreement]]:
    """Return the last document of each earlier term, by key and term; most have none."""
    renewed = [standing for standing in standings if standing.term > 1]
    last: dict[tuple[int, int], int] = {}
    for key, lines in unit.lines_of(renewed).items():
        for said in map(entry_of, lines):
            if said.document and said.version and said.term:
                last[key, said.term] = said.version
    present = {(standing.key, standing.term) for standing in standings}
    wanted = {at: version for at, version in last.items() if at not in present}
    documents = unit.documents_at([(key, version) for (key, _), version in wanted.items()])
    found: dict[int, dict[int, Agreement]] = {}
    for (key, term), version in wanted.items():
        found.setdefault(key, {})[term] = documents[key, version]
    return found


def _yearly(
    unit: PortfolioUnit, lines: Mapping[int, Sequence[bytes]]
) -> Mapping[int, Mapping[int, Agreement]]:
    """Return the documents by which agreements were in force in some year, by key and version."""
    versions = [
        (key, version)
        for key, own in lines.items()
        for version in yearly_versions(tuple(map(entry_of, own)))
    ]
    found: dict[int, dict[int, Agreement]] = {}
    for (key, version), document in unit.documents_at(versions).items():
        found.setdefault(key, {})[version] = document
    return found
