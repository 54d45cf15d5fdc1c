"""Makes a program's site: a stream of its files, in one walk over the portfolio as it is now.

One agreement is in memory at a time, and of each that was walked what the register, the tables and
the calendar say of it. All follows from the log and the day. What the pages say is made from public
forms alone; for staff, what is for them stands beside.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from cli.publishing.checkpoint import FILE, checkpoint_file, log_of, seal_of
from cli.publishing.comparing import Piece, Stored
from cli.publishing.data import agreement_json, program_files
from cli.publishing.feed import Feed
from cli.publishing.language import language
from cli.publishing.manifest import Manifest
from cli.publishing.package import Package
from cli.publishing.pages import INTERNAL, Pages, Site, assets, folder_of
from cli.publishing.register import Row, row_of
from guards.policy import Policy
from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.matter import today_of
from lifecycle.order import Order
from lifecycle.publishing import of_agreement, of_internal, of_program, of_year
from lifecycle.publishing.internal import InternalAgreement
from lifecycle.publishing.of_agreement import public_agreement
from lifecycle.publishing.of_internal import InternalTally, for_staff
from lifecycle.publishing.of_program import ProgramTally
from lifecycle.publishing.of_year import YearsTally
from lifecycle.publishing.public_agreement import PublicAgreement, PublicFile
from lifecycle.publishing.public_year import PublicReport
from lifecycle.publishing.signed import wanted
from states.ref import Ref
from store.reader import Reader

PARTS = tuple(dict.fromkeys((*of_agreement.PARTS, *of_program.PARTS, *of_year.PARTS)))
"""The parts of a dossier that a site is made from; those for staff alone come on top."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the site shows of an agreement: its signed term, and its JSON's SHA-256."""

    ref: Ref
    term: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class _Sums:
    """What of the agreements walked so far goes into pages and files about all of them."""

    package: Package
    feed: Feed
    program: ProgramTally
    years: YearsTally
    rows: list[Row] = field(default_factory=list)

    def add(self, dossier: Dossier, public: PublicAgreement) -> None:
        """Count an agreement in."""
        self.rows.append(row_of(public))
        self.package.add(public)
        self.feed.add(public)
        self.program.add(dossier, public)
        self.years.add(dossier, public)


@dataclass(slots=True, kw_only=True)
class Making:
    """A site in the making, from a reader of one moment, for somebody, on a day.

    `staff` works out what staff alone see, if the site is theirs; `shown` are the signed agreements
    of which the walk has made a page so far.
    """

    reader: Reader
    policy: Policy
    day: date
    audience: str
    manifest: Manifest
    staff: InternalTally | None
    shown: list[Shown] = field(default_factory=list)

    def pieces(self) -> Iterator[Piece]:
        """Yield the files of the site."""
        languages, sums = self._languages(), self._sums()
        yield from self._walked(languages, sums)
        whole, reports = sums.program.program(), sums.years.reports()
        staff = self.staff.program() if self.staff else None
        seal = seal_of(self.reader, self.manifest.log, self.day)
        for folder, pages in languages.items():
            yield f"{folder}index.html", pages.register(sums.rows).encode()
            yield f"{folder}program.html", pages.program(whole, staff).encode()
            yield from _reports(folder, pages, reports)
            yield f"{folder}policy.html", pages.policy(self.policy).encode()
            yield f"{folder}checkpoint.html", pages.checkpoint(seal).encode()
        yield FILE, checkpoint_file(seal, self.manifest.log)
        yield from program_files(whole)
        yield from sums.package.files()
        yield from sums.feed.files()
        yield from assets()

    def _walked(self, languages: Mapping[str, Pages], sums: _Sums) -> Iterator[Piece]:
        """Yield the files of each agreement, and count it in."""
        rules = for_staff(self.policy) if self.staff else self.policy
        files = set[str]()
        for dossier in dossiers(self.reader, *self._parts, wanted=wanted(rules)):
            public = public_agreement(dossier, rules, self.day)
            if public is None:
                continue
            sums.add(dossier, public)
            internal = self.staff.agreement(dossier) if self.staff else None
            yield from self._agreement(public, internal, languages)
            for one in public.files:
                if one.path not in files:
                    files.add(one.path)
                    yield one.path, self._attached(one)

    def _sums(self) -> _Sums:
        name = self.policy.program.name
        first = language(self.policy.publishing.languages[0])
        return _Sums(
            package=Package(self.reader.program.code, name),
            feed=Feed(name, first),
            program=ProgramTally(self.policy, self.day, self._type_of),
            years=YearsTally(self.policy, self.day),
        )

    @property
    def _parts(self) -> Sequence[Part]:
        return tuple(dict.fromkeys((*PARTS, *(of_internal.PARTS if self.staff else ()))))

    def _type_of(self, key: int, digest: str) -> str:
        return self.reader.document_of(key, digest).type

    def _languages(self) -> Mapping[str, Pages]:
        """Return the pages of each language, by the folder that they stand in."""
        codes = self.policy.publishing.languages
        sites = [
            Site(
                code=self.reader.program.code,
                name=self.policy.program.name,
                language=language(code),
                languages=codes,
                audience=self.audience,
            )
            for code in codes
        ]
        return {folder_of(site, site.language.code): Pages(site) for site in sites}

    def _agreement(
        self,
        public: PublicAgreement,
        internal: InternalAgreement | None,
        languages: Mapping[str, Pages],
    ) -> Iterator[Piece]:
        ref, data = public.ref, agreement_json(public)
        if public.signed and public.term is not None:
            self.shown.append(Shown(Ref.parse(ref), public.term, sha256(data).hexdigest()))
        yield f"agreements/{ref}.json", data
        for folder, pages in languages.items():
            yield f"{folder}agreements/{ref}.html", pages.agreement(public, internal).encode()

    def _attached(self, file: PublicFile) -> Stored:
        return Stored(file.sha256, file.size, lambda: self.reader.attached(file.sha256))


def _reports(folder: str, pages: Pages, reports: Sequence[PublicReport]) -> Iterator[Piece]:
    yield f"{folder}reports/index.html", pages.reports(one.year for one in reports).encode()
    for one in reports:
        yield f"{folder}reports/{one.year}.html", pages.report(one).encode()


def making(reader: Reader, order: Order, audience: str) -> Making:
    """Return what makes the site of a reader's program, on the day of an order that is not given.

    For staff each agreement's next steps are judged, as if whoever gives the order took them.
    """
    day = today_of(reader, order)
    policy = reader.policy(reader.policy_in_force(day))
    manifest = Manifest(
        program=reader.program.code,
        audience=audience,
        languages=policy.publishing.languages,
        day=day,
        log=log_of(reader),
    )
    return Making(
        reader=reader,
        policy=policy,
        day=day,
        audience=audience,
        manifest=manifest,
        staff=InternalTally(reader, order, policy, day) if audience == INTERNAL else None,
    )
