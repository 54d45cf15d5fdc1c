"""Makes a program's site: a stream of its files, in one walk over the portfolio as it is now.

One agreement is in memory at a time, and of each that was walked what the register, the tables and
the calendar say of it. All follows from the log and the day. What the pages say is made from public
forms alone; for staff, what is for them stands beside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256

from cli.publishing.checkpoint import FILE, checkpoint_file, log_of, seal_of
from cli.publishing.comparing import Piece, Stored
from cli.publishing.data import agreement_json, program_files
from cli.publishing.feed import Feed
from cli.publishing.language import language
from cli.publishing.manifest import Manifest
from cli.publishing.package import Package
from cli.publishing.pages import Pages, Site, assets, folder_of
from cli.publishing.register import Row, row_of
from guards.policy import Policy
from lifecycle.dossiers import dossiers
from lifecycle.publishing import of_agreement, of_program, of_year
from lifecycle.publishing.of_agreement import public_agreement
from lifecycle.publishing.of_program import ProgramTally
from lifecycle.publishing.of_year import YearsTally
from lifecycle.publishing.public_agreement import PublicAgreement, PublicFile
from lifecycle.publishing.public_year import PublicReport
from lifecycle.publishing.signed import wanted
from states.ref import Ref
from store.reader import Reader

PARTS = tuple(dict.fromkeys((*of_agreement.PARTS, *of_program.PARTS, *of_year.PARTS)))
"""The parts of a dossier that a site is made from."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the site shows of an agreement: its signed term, and its JSON's SHA-256."""

    ref: Ref
    term: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Making:
    """A site in the making, from a reader of one moment, for somebody, on a day.

    `shown` are the signed agreements of which the walk has made a page so far.
    """

    reader: Reader
    policy: Policy
    day: date
    audience: str
    manifest: Manifest
    shown: list[Shown] = field(default_factory=list)

    def pieces(self) -> Iterator[Piece]:
        """Yield the files of the site."""
        name, code = self.policy.program.name, self.reader.program.code
        first = language(self.policy.publishing.languages[0])
        package, feed, rows = Package(code, name), Feed(name, first), list[Row]()
        languages = self._languages()
        files = set[str]()
        program = ProgramTally(self.policy, self.day, self._type_of)
        years = YearsTally(self.policy, self.day)
        for dossier in dossiers(self.reader, *PARTS, wanted=wanted(self.policy)):
            public = public_agreement(dossier, self.policy, self.day)
            if public is None:
                continue
            rows.append(row_of(public))
            package.add(public)
            feed.add(public)
            program.add(dossier, public)
            years.add(dossier, public)
            yield from self._agreement(public, dossier.ref, languages)
            for one in public.files:
                if one.path not in files:
                    files.add(one.path)
                    yield one.path, self._attached(one)
        whole, reports = program.program(), years.reports()
        yield from program_files(whole)
        yield from package.files()
        yield from feed.files()
        yield from assets()
        seal = seal_of(self.reader, self.manifest.log, self.day)
        for folder, pages in languages.items():
            yield f"{folder}index.html", pages.register(rows).encode()
            yield f"{folder}program.html", pages.program(whole).encode()
            yield from _reports(folder, pages, reports)
            yield f"{folder}policy.html", pages.policy(self.policy).encode()
            yield f"{folder}checkpoint.html", pages.checkpoint(seal).encode()
        yield FILE, checkpoint_file(self.reader)

    def _type_of(self, key: int, digest: str) -> str:
        return self.reader.document_of(key, digest).type

    def _languages(self) -> dict[str, Pages]:
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
        return {folder_of(site, site.language.code): _pages(site) for site in sites}

    def _agreement(
        self, public: PublicAgreement, ref: Ref, languages: dict[str, Pages]
    ) -> Iterator[Piece]:
        data = agreement_json(public)
        if public.signed and public.term is not None:
            self.shown.append(Shown(ref, public.term, sha256(data).hexdigest()))
        yield f"agreements/{ref}.json", data
        for folder, pages in languages.items():
            yield f"{folder}agreements/{ref}.html", pages.agreement(public).encode()

    def _attached(self, file: PublicFile) -> Stored:
        return Stored(file.sha256, file.size, lambda: self.reader.attached(file.sha256))


def _reports(folder: str, pages: Pages, reports: Sequence[PublicReport]) -> Iterator[Piece]:
    yield f"{folder}reports/index.html", pages.reports(one.year for one in reports).encode()
    for one in reports:
        yield f"{folder}reports/{one.year}.html", pages.report(one).encode()


@lru_cache(maxsize=4)
def _pages(site: Site) -> Pages:
    """Return the pages of a site; their templates take half a second to compile."""
    return Pages(site)


def making(reader: Reader, day: date, audience: str) -> Making:
    """Return what makes the site of a reader's program."""
    policy = reader.policy(reader.policy_in_force(day))
    manifest = Manifest(
        program=reader.program.code,
        audience=audience,
        languages=policy.publishing.languages,
        day=day,
        log=log_of(reader),
    )
    return Making(reader=reader, policy=policy, day=day, audience=audience, manifest=manifest)
