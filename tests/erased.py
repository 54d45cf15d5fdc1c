"""Erasing on a stage, as an admin does it."""

from typing import Any

from lifecycle.erasing import Erasing, Place, erase_part, erase_words
from states.ref import Ref
from tests.hands import ADMIN
from tests.stage import Stage

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
