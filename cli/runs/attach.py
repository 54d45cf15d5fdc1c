"""What `lifecycle attach` does: keeps files with an agreement, all of them or none."""

from collections.abc import Sequence

from cli.bringing import Attached, attach_all
from cli.output.receipts import REFUSED, text
from cli.output.shapes import Shape, json_text, receipt_shape
from cli.output.streams import out, out_data
from cli.output.text import one_line
from cli.papers import papers_of
from cli.refs import named
from cli.session import opened
from cli.settings import Settings, Writing
from states.vocabulary import Outcome


def attach_files(
    settings: Settings, writing: Writing, name: str, files: Sequence[str], how: tuple[str, bool]
) -> int:
    """Attach files and print what became of each; returns the exit code."""
    kind, public = how
    with opened(settings) as session:
        agreement = named(session, name)
        papers = papers_of(session, agreement.standing, files, kind, public=public)
        order = session.order(writing)
        ref, alone = agreement.ref, len(papers) == 1
        attached = session.carry_out(
            writing, lambda unit: attach_all(unit, order, ref, papers, alone=alone)
        )
    shapes = [_shape(one, dry_run=writing.dry_run) for one in attached]
    if settings.json:
        out_data(json_text(shapes[0] if len(files) == 1 else shapes))
    else:
        out("".join(_text(one, dry_run=writing.dry_run) for one in attached))
    return REFUSED if any(one.receipt.refused for one in attached) else 0


def _shape(one: Attached, *, dry_run: bool) -> Shape:
    return receipt_shape(one.receipt, dry_run=dry_run, attachment=one.shape())


def _text(one: Attached, *, dry_run: bool) -> str:
    said = text(one.receipt, dry_run=dry_run)
    if one.receipt.refused:
        return said
    paper, line = one.paper, f", line {one.receipt.n}"
    public = ", public" if paper.public else ""
    where = line if one.receipt.outcome is Outcome.OK else ""
    return f"{said}  {one_line(paper.name)} ({paper.kind}{public}{where})\n"
