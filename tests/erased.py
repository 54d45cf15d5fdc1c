"""Erasing on a stage, as an admin does it, and an agreement in whose texts a person stands."""

from dataclasses import replace
from typing import Any

from lifecycle.erasing.erase import Erasing, Place, erase_part, erase_words
from states.agreement import Agreement, Contact, Signature
from states.records import Record
from states.ref import Ref
from states.vocabulary import Trigger
from store.checks import checks
from tests.builders import (
    complete_agreement,
    complete_objective,
    complete_project,
    home_party,
    partner_party,
)
from tests.hands import ADMIN
from tests.stage import FIRST_DAY, Stage
from tests.store.raw import everything

WHY = "Request 17 of 2026, by the municipal act on privacy."


def erase(stage: Stage, ref: Ref | None, n: int, part: str, **order: Any) -> Erasing:  # noqa: ANN401
    """Erase one part beside a line."""
    (done,) = erase_everywhere(stage, ref, n, part, everywhere=False, **order)
    return done


def erase_everywhere(
    stage: Stage,
    ref: Ref | None,
    n: int,
    part: str,
    *,
    everywhere: bool = True,
    **order: Any,  # noqa: ANN401
) -> tuple[Erasing, ...]:
    """Erase one part beside a line; a file, from every agreement that has it."""
    place, order = Place(ref, n, part), {"actor": ADMIN, "reason": WHY, **order}
    return stage.do(lambda u, o: erase_part(u, o, place, everywhere=everywhere), **order)


def erase_text(
    stage: Stage,
    ref: Ref | None,
    *words: str,
    **order: Any,  # noqa: ANN401
) -> Erasing:
    """Erase words from one stream."""
    (done,) = erase_texts(stage, (ref,), *words, **order)
    return done


def erase_texts(
    stage: Stage,
    refs: tuple[Ref | None, ...],
    *words: str,
    **order: Any,  # noqa: ANN401
) -> tuple[Erasing, ...]:
    """Erase words from several streams."""
    order = {"actor": ADMIN, "reason": WHY, **order}
    return stage.do(lambda u, o: erase_words(u, o, refs, words), **order)


NAME = "Li Wei"
NOTE = Record("note", FIRST_DAY, text=f"{NAME} called from home.")
PAPER = b"Dear Li Wei"
RECORDED, ATTACHED = 8, 9
"""The lines of `ref` that brought a record and a file."""


def named(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Agreement
    """Return a document in which a person stands in many places, in an id as well."""
    objective = complete_objective(responsible=f"{NAME} Ltd")
    document = complete_agreement(
        title=f"Trade with {NAME}",
        parties=(home_party(), partner_party(name=f"{NAME} Ltd")),
        projects=(complete_project(name=f"Visit of {NAME}", id=None, objectives=(objective,)),),
        signatures=(Signature("partner", NAME.upper(), "Director", FIRST_DAY),),
        contacts=(Contact("partner", NAME, "li.wei@example.cn"),),
        milestones=(),
    )
    return replace(document, **changes)


def told_of(stage: Stage) -> Ref:
    """Return an agreement in force in whose texts a person stands, line for line."""
    ref = stage.propose(named())
    stage.apply(ref, named(renewal_guidelines=f"As {NAME} sees it, but only after two years."))
    for trigger in (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN, Trigger.ACTIVATE):
        stage.pull(ref, trigger, reason=f"{NAME} agrees.")
    stage.record(ref, NOTE)
    stage.attach(ref, "li-wei.pdf", body=PAPER)
    stage.nightly()
    return ref


def kept(stage: Stage) -> str:
    """Return everything that the database holds, as text; bytes of files too."""
    rows = everything(stage.url)
    return "\n".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for table in rows.values()
        for row in table
        for value in row
    ).casefold()


def in_order(stage: Stage) -> bool:
    """Whether nothing that looks the database over finds anything."""
    looked = [check.message for check in checks(stage.url) if not check.ok]
    with stage.store.reading() as reader:
        judged = list(reader.recompute())
    assert judged == []
    return (stage.verify(), looked) == ([], [])


def content_of(stage: Stage, ref: Ref | None, n: int) -> bytes:
    """Return the content beside a line."""
    with stage.store.reading() as reader:
        return next(
            part.body
            for part in reader.beside(ref.key if ref else None, n)
            if part.part == "content"
        )
