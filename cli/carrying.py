"""Carries out one later change with the files that come with it, and tells what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cli.acting import Acting
from cli.assent import pointed
from cli.bringing import Act, Bringing, brought, tell
from cli.output.receipts import give
from cli.output.shapes import Shape
from cli.output.streams import out
from cli.papers import papers_of
from cli.refs import Found
from cli.session import Session
from cli.settings import Writing
from lifecycle.order import Receipt
from states.deeds import Deed
from states.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told beside the receipt.

    `words` name on the command line what is to be approved; `then` says what was done, for people;
    `more` are keys of the JSON; `dry` is what a dry run shows people.
    """

    words: tuple[str, ...] = ()
    then: Callable[[Receipt], str] = field(default=lambda _receipt: "")
    more: Callable[[], Shape] = dict
    dry: Callable[[], str] = field(default=lambda: "")


@dataclass(frozen=True, slots=True)
class Carrying:
    """Who changes what: the run, the agreement, and how the act is said."""

    session: Session
    writing: Writing
    agreement: Found
    acting: Acting

    def out(self, deed: Deed, act: Act, telling: Telling) -> Receipt:
        """Do the act and print its receipt, which is returned."""
        session, dry_run = self.session, self.writing.dry_run
        ref, standing, acting = self.agreement.ref, self.agreement.standing, self.acting
        papers = papers_of(session, standing, acting.files, acting.kind("evidence"))
        bringing = Bringing(ref, session.order(self.writing, **acting.said), deed, papers)
        receipt, attached = brought(session, self.writing, bringing, act)
        receipt = pointed(receipt, ref, deed, standing, *telling.words)
        files = [one.shape() for one in attached]
        give(session.settings, receipt, dry_run=dry_run, attached=files, **telling.more())
        if receipt.outcome is Outcome.OK and not session.settings.json:
            out(telling.dry() if dry_run else telling.then(receipt))
        tell(bringing, receipt, attached)
        return receipt
