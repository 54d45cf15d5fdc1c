"""`lifecycle import`: takes over agreements that were signed before, from a table."""

import click

from cli import options
from cli.params import COUNT, TEXT, Pair
from cli.settings import Settings, Writing

_FIRST, _LAST = Pair(), Pair(last=True)


@options.command("import")
@click.argument("file", type=click.Path(), required=False)
@click.option("--template", is_flag=True, help="Write a table to fill in, and do no more.")
@click.option("--sheet", type=TEXT, metavar="NAME", help="The sheet of a workbook with several.")
@click.option("--heading", type=COUNT, metavar="ROW", help="The row that the headings stand in.")
@click.option(
    "--map",
    "columns",
    type=_FIRST,
    multiple=True,
    metavar="FIELD=HEADING",
    help="Which column says what.",
)
@click.option(
    "--set",
    "constants",
    type=_FIRST,
    multiple=True,
    metavar="FIELD=VALUE",
    help="What every row says that is silent about it.",
)
@click.option(
    "--types",
    type=_LAST,
    multiple=True,
    metavar="WORDS=TYPE",
    help="Which type the file's words mean.",
)
@click.option(
    "--states",
    type=_LAST,
    multiple=True,
    metavar="WORDS=STATE",
    help="Which state they mean: signed, active or evaluation.",
)
@click.option(
    "--countries",
    type=_LAST,
    multiple=True,
    metavar="WORDS=COUNTRY",
    help="Which country they mean.",
)
@click.option(
    "--partner",
    "partners",
    type=_LAST,
    multiple=True,
    metavar="NAME=NAME|new",
    help="Which partner on record a name means, or that it is a new one.",
)
@click.option(
    "--only",
    type=_FIRST,
    multiple=True,
    metavar="HEADING=VALUE",
    help="Take only the rows that say so.",
)
@click.option(
    "--dates",
    type=click.Choice(("day-first", "month-first")),
    help="How 03/10/2013 is to be read.",
)
@click.option(
    "--separator",
    type=click.Choice(("comma", "semicolon", "tab", "bar")),
    help="What stands between the cells of a text; else commas (in .tsv tabs).",
)
@click.option("--encoding", type=TEXT, metavar="NAME", help="How a text is encoded; else UTF-8.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the refused rows to FILE (.csv, .xlsx), to be corrected and imported again.",
)
@options.writing
def command(
    settings: Settings,
    *,
    file: str | None,
    template: bool,
    sheet: str | None,
    heading: int | None,
    columns: tuple[tuple[str, str], ...],
    constants: tuple[tuple[str, str], ...],
    types: tuple[tuple[str, str], ...],
    states: tuple[tuple[str, str], ...],
    countries: tuple[tuple[str, str], ...],
    partners: tuple[tuple[str, str], ...],
    only: tuple[tuple[str, str], ...],
    dates: str | None,
    separator: str | None,
    encoding: str | None,
    rejects: str | None,
    writing: Writing,
) -> int:
    r"""Take over agreements from a table: CSV or XLSX.

    For agreements that were signed before the program went live. The columns of FILE (`-` is CSV on
    standard input) are found by their headings, or named:

    \b
    needed   partner (or city), country (a name or CN), type, status
             (signed, active or ended), signed (1986, 2002-04,
             2013-10-03 or unknown)
    known    title, term_start, term_end, review, owner, division, kind,
             aliases, same_as, home, home_country, source, note

    \b
      lifecycle import old.xlsx --dry-run
      lifecycle import old.csv --map partner="Sister city" \
        --types "sister city=partnership" --set status=active

    A row that can't be taken is refused with what is wrong and what to do; the others are taken
    over, all at once. Import the corrected file again: what was taken is not taken twice. Each
    column and option is explained in docs/importing.md.
    Exit code: 0 all rows are in, 1 some were refused, 2 the file is no such table.
    """
    if writing.expect_version is not None:
        message = "an import has no version to expect."
        raise click.UsageError(message)
    from cli.intake import Told
    from cli.runs.import_ import Asked, import_file, write_template

    if template:
        return write_template(settings, file)
    if file is None:
        message = "give a FILE; --template writes a table to fill in."
        raise click.UsageError(message)
    told = Told(
        columns=columns,
        constants=constants,
        types=types,
        states=states,
        countries=countries,
        partners=partners,
        only=only,
        dates=dates,
        sheet=sheet,
        heading=heading,
        separator=separator,
        encoding=encoding,
    )
    return import_file(settings, writing, Asked(file, told, rejects))
