"""The register as JSON, for programs: a file an agreement, one of the program, and their schemas.

Each file is what is public and nothing else, in the form of `lifecycle.publishing`, with two keys
in front: `$schema`, and the `page` for people, both relative to the file. Every key is always
there, null or empty where nothing is known. Marks that turn the direction of a text are escaped,
so that they turn nothing for who looks at the file. Keys are only ever added, so the schemas (JSON
Schema 2020-12) ask for the keys of today and let others pass. The same values give the same bytes.
"""

import re
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Any

import msgspec

from cli.publishing.fields import MEANING
from lifecycle.publishing.public_agreement import PublicAgreement
from lifecycle.publishing.public_program import PublicProgram

AGREEMENT_SCHEMA = "data/agreement.schema.json"
PROGRAM_SCHEMA = "data/program.schema.json"
PROGRAM = "program.json"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_AMOUNT = r"^-?[0-9]+(\.[0-9]+)?$"
_TURNING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINKS = {
    "$schema": {"type": "string", "description": "Where the schema of this file is, from here"},
    "page": {"type": "string", "description": "Where the page for people is, from here"},
}


def agreement_json(public: PublicAgreement) -> bytes:
    """Return an agreement as its file agreements/REF.json says it."""
    return _document(public, f"../{AGREEMENT_SCHEMA}", f"{public.ref}.html")


def program_json(public: PublicProgram) -> bytes:
    """Return the program as program.json says it."""
    return _document(public, PROGRAM_SCHEMA, "program.html")


def schema() -> bytes:
    """Return the JSON Schema of an agreement's file."""
    return _schema(PublicAgreement)


def program_schema() -> bytes:
    """Return the JSON Schema of the program's file."""
    return _schema(PublicProgram)


def program_files(public: PublicProgram) -> Iterator[tuple[str, bytes]]:
    """Yield what there is once of a site, by path: the program's file, and both schemas."""
    yield PROGRAM, program_json(public)
    yield PROGRAM_SCHEMA, program_schema()
    yield AGREEMENT_SCHEMA, schema()


def lines_of(value: object) -> bytes:
    """Return a value as JSON that people can read and compare line by line."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n"
    return _TURNING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _document(public: msgspec.Struct, schema: str, page: str) -> bytes:
    return lines_of({"$schema": schema, "page": page} | msgspec.structs.asdict(public))


def _schema(kind: type[msgspec.Struct]) -> bytes:
    _, shapes = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    meanings = {told.__name__: meanings for told, meanings in MEANING.items()}
    for name, shape in shapes.items():
        shape["description"] = cleandoc(shape["description"])
        if name in meanings:
            _promise(shape, meanings[name])
    root = shapes.pop(kind.__name__)
    root["properties"] = _LINKS | root["properties"]
    root["required"] = list(root["properties"])
    return lines_of({"$schema": _DIALECT} | root | {"$defs": dict(sorted(shapes.items()))})


def _promise(shape: dict[str, Any], meanings: Mapping[str, str]) -> None:
    """Make of what msgspec would read what we write: all that we know, and more some day."""
    shape["required"] = list(shape["properties"])
    shape["additionalProperties"] = True
    for key, value in shape["properties"].items():
        value.pop("default", None)
        for one in value.get("anyOf", [value]):
            if one.get("format") == "decimal":
                one["pattern"] = _AMOUNT
        value["description"] = meanings[key]
