"""What publishing wrote, and what checking found, as people read them and as JSON."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.output.attachments import size_words
from cli.output.receipts import text
from cli.output.shapes import Shape, receipt_shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from cli.output.words import plural
from cli.publishing.checking import Checked
from cli.publishing.comparing import Fate
from cli.publishing.manifest import Manifest
from cli.publishing.writing import Written
from lifecycle.order import Receipt
from states.vocabulary import Outcome

_MOST = 20
_SAID = (
    (Fate.NEW, "new"),
    (Fate.CHANGED, "changed"),
    (Fate.SAME, "unchanged"),
    (Fate.DROPPED, "dropped"),
)
_RESTORED = (
    (Fate.ALTERED, "Changed by hand since, and made again"),
    (Fate.MISSING, "Gone since, and made again"),
)
_FOUND = (
    ("out_of_date", "Out of date"),
    ("missing", "Missing"),
    ("altered", "Changed by hand"),
    ("no_longer_part", "No longer part of the site"),
)


def written_shape(target: Path, manifest: Manifest, written: Written, *, dry_run: bool) -> Shape:
    """Return what publishing came to; files are counted, and named where people may ask why."""
    fates = written.fates
    return {
        "folder": str(target),
        "open": target.joinpath("index.html").as_uri(),
        **_about(manifest),
        "files": written.files,
        "size": written.size,
        "pages": written.pages,
        "written": written.touched,
        **{str(fate): len(fates[fate]) for fate in (Fate.NEW, Fate.CHANGED, Fate.SAME)},
        "restored": sorted((*fates[Fate.ALTERED], *fates[Fate.MISSING])),
        "dropped": sorted(fates[Fate.DROPPED]),
        "kept": written.kept,
        "dry_run": dry_run,
    }


def written_text(target: Path, written: Written, *, dry_run: bool) -> str:
    """Return what publishing came to as people read it, and where to look."""
    return "".join(f"{line}\n" for line in _written_lines(target, written, dry_run=dry_run))


def noted_shape(noted: Sequence[Receipt] | None, *, dry_run: bool) -> Shape:
    """Return a receipt for each agreement that was noted as published; null where none was to."""
    if noted is None:
        return {"published": None}
    return {"published": [receipt_shape(receipt, dry_run=dry_run) for receipt in noted]}


def noted_text(url: str, noted: Sequence[Receipt], *, dry_run: bool) -> str:
    """Return what was noted as people read it: those in full that were refused."""
    refused = (text(receipt, dry_run=dry_run) for receipt in noted if receipt.refused)
    return f"{paragraphs(_noted(one_line(url), noted), width())}\n{''.join(refused)}"


def _noted(where: str, noted: Sequence[Receipt]) -> str:
    new = sum(receipt.outcome is Outcome.OK for receipt in noted)
    same = sum(receipt.outcome is Outcome.UNCHANGED for receipt in noted)
    if new:
        are = "agreement is" if new == 1 else "agreements are"
        other = f"; that of {plural(same, 'other')} was noted before" if same else ""
        return f"Noted that {new:,} {are} published at {where}{other}."
    if same:
        return f"Nothing new: that of {plural(same, 'agreement')} at {where} was noted before."
    if noted:
        return f"The site stands, and is not noted as published at {where}:"
    return f"No agreement is on it that was signed, so that none was noted at {where}."


def check_shape(target: Path, checked: Checked) -> Shape:
    """Return what checking found; `day` and `log` are of the site, not of today."""
    return {
        "folder": str(target),
        "ok": checked.clean,
        **_about(checked.then),
        "files": checked.files,
        **{name: sorted(getattr(checked, name)) for name, _title in _FOUND},
        "behind": sorted(checked.behind),
        "cut_off": checked.cut_off,
    }


def check_text(target: Path, checked: Checked) -> str:
    """Return what checking found as people read it, and what to do."""
    return "".join(f"{line}\n" for line in _check_lines(target, checked))


def _about(manifest: Manifest) -> Shape:
    log = manifest.log
    return {
        "program": manifest.program,
        "audience": manifest.audience,
        "languages": list(manifest.languages),
        "day": manifest.day,
        "log": {"entries": log.entries, "sealed": log.sealed, "root": log.root},
    }


def _written_lines(target: Path, written: Written, *, dry_run: bool) -> Iterator[str]:
    where = one_line(target)
    if dry_run:
        yield style("Dry run: this is what would be; nothing was written.", fg="cyan")
    size = f"{plural(written.pages, 'page')}, {plural(written.files, 'file')}, "
    size += size_words(written.size)
    if not written.touched:
        yield f"{where} is as it should be: {size}. Nothing was written."
    else:
        yield f"{'Would publish' if dry_run else 'Published'} {where}: {size}."
        yield f"  {_counts(written)}."
    for fate, title in _RESTORED:
        yield from _listed(title, sorted(written.fates[fate]))
    if not dry_run:
        yield f"Open {target.joinpath('index.html').as_uri()}"


def _counts(written: Written) -> str:
    counts = [(len(written.fates[fate]), word) for fate, word in _SAID]
    said = [f"{count:,} {word}" for count, word in counts if count]
    if written.kept:
        said.append(f"{plural(written.kept, 'file')} of yours kept")
    return ", ".join(said)


def _check_lines(target: Path, checked: Checked) -> Iterator[str]:
    where = one_line(target)
    if checked.clean:
        yield f"{where} is as it should be: {plural(checked.files, 'file')}."
    else:
        yield f"{where} is not as it should be. {style('lifecycle publish', bold=True)} mends it."
    for name, title in _FOUND:
        yield from _listed(title, sorted(getattr(checked, name)))
    if checked.cut_off:
        size = plural(checked.then.log.sealed, "line")
        cut = (
            f"Its checkpoint of {size} is none of this log's: lines were changed or cut off since,"
            " or an older copy of the database was restored. Keep its checkpoint.txt; lifecycle log"
            " verify --checkpoint says more."
        )
        yield paragraphs(cut, width())
    elif checked.behind:
        entries, day = plural(checked.then.log.entries, "line"), checked.then.day
        note = f"What it says of the log is as of {day}, when that had {entries}."
        yield paragraphs(note, width())


def _listed(title: str, paths: Sequence[str]) -> Iterator[str]:
    if paths:
        yield f"{title} ({len(paths):,}):"
        yield from (f"  {one_line(path)}" for path in paths[:_MOST])
        if len(paths) > _MOST:
            yield f"  ... and {len(paths) - _MOST:,} more; --json lists them all."
