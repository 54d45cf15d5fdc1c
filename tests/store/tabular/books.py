"""Workbooks for tests: made by openpyxl, and then spoilt as files in the world are."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("partner", "country", "type", "signed", "status")
MILAN = ("Milan", "Italy", "partnership", "2003", "active")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def book(
    rows: Sequence[Sequence[object]] = (HEADER, MILAN),
    change: Callable[[Worksheet], object] = lambda _sheet: None,
    *more: str,
) -> bytes:
    """Return a workbook of one sheet with these rows, changed as asked, and of more empty ones."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Agreements"
    for row in rows:
        sheet.append(list(row))
    for name in more:
        made.create_sheet(name)
    change(sheet)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(data: bytes, parts: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return an archive with its parts as a function makes them anew; None leaves one out."""
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = parts(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def with_sheet(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook whose first sheet's XML is changed."""
    return repacked(data, lambda name, part: change(part) if name.endswith("sheet1.xml") else part)


def with_texts(data: bytes, count: int) -> bytes:
    """Return a workbook with some texts for cells to cite."""
    stream = BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si><t>x</t></si>" * count)
    return stream.getvalue()
