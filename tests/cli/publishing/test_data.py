"""The register as JSON: what is public, all of it, in the form that its schema promises."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from cli.publishing.data import (
    agreement_json,
    program_files,
    program_json,
    program_schema,
    schema,
)
from cli.publishing.fields import MEANING
from lifecycle.publishing.public_agreement import PublicAgreement
from lifecycle.publishing.public_program import PublicProgram
from tests.cli.publishing.publics import HOSTILE, any_of, full


def closed(schema: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """Return a schema that lets no other key pass than it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: False if key == "additionalProperties" and value is True else closed(value)
        for key, value in schema.items()
    }


def validator(text: bytes) -> Draft202012Validator:
    """Return what holds a document against a schema, days too, and lets nothing else pass."""
    told = json.loads(text)
    Draft202012Validator.check_schema(told)
    return Draft202012Validator(closed(told), format_checker=Draft202012Validator.FORMAT_CHECKER)


AGREEMENT, PROGRAM = validator(schema()), validator(program_schema())


@given(any_of(PublicAgreement))
def test_agreements_file_is_what_is_public_and_as_its_schema_says(public: PublicAgreement) -> None:
    """Whatever the texts: nothing is missing, nothing else is there, and it reads back."""
    text = agreement_json(public)
    document = json.loads(text)
    AGREEMENT.validate(document)
    assert document.keys() - {"$schema", "page"} == {
        field.encode_name for field in msgspec.structs.fields(PublicAgreement)
    }
    assert msgspec.json.decode(text, type=PublicAgreement) == public
    assert agreement_json(msgspec.json.decode(text, type=PublicAgreement)) == text


@given(any_of(PublicProgram))
def test_programs_file_is_what_is_public_and_as_its_schema_says(public: PublicProgram) -> None:
    """Amounts in other currencies, too."""
    text = program_json(public)
    PROGRAM.validate(json.loads(text))
    assert msgspec.json.decode(text, type=PublicProgram) == public


BROKEN: Mapping[str, Callable[[Any], object]] = {
    "a key is missing": lambda it: it.pop("ref"),
    "a key of a part is missing": lambda it: it["history"][0].pop("from"),
    "no such state": lambda it: it.update(state="cancelled"),
    "a day in words": lambda it: it.update(changed_on="2 November 2026"),
    "null for no list": lambda it: it.update(parties=None),
    "an amount as a float": lambda it: it["projects"][0]["resources"][0].update(amount=0.5),
    "an amount with an exponent": lambda it: it["projects"][0]["resources"][0].update(amount="6e4"),
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
def test_schema_refuses_what_we_never_write(breaking: Callable[[Any], object]) -> None:
    """Each is valid before it is broken."""
    document = json.loads(agreement_json(full("Trade")))
    AGREEMENT.validate(document)
    breaking(document)
    assert not AGREEMENT.is_valid(document)


def test_schema_lets_keys_pass_that_a_later_release_may_add() -> None:
    """At every level; what is there today is asked for."""
    document = json.loads(agreement_json(full("Trade")))
    document["later"] = document["projects"][0]["later"] = {"of": ["any", "kind"]}
    Draft202012Validator(json.loads(schema())).validate(document)


def test_links_lead_from_each_file_to_its_schema_and_its_page() -> None:
    """Relative to it, under whatever address the site lies; what is there once is named so."""
    document = json.loads(agreement_json(full("Trade", "TOR-2026-007")))
    assert document["$schema"] == "../data/agreement.schema.json"
    assert document["page"] == "TOR-2026-007.html"
    program = PublicProgram(code="TOR", name="Toronto", currency="CAD", held=0, in_force=0)
    files = dict(program_files(program))
    document = json.loads(files.pop("program.json"))
    assert document["page"] == "program.html"
    assert files == {
        document["$schema"]: program_schema(),
        "data/agreement.schema.json": schema(),
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_texts(text: str) -> None:
    """Exactly as they were written, in valid JSON."""
    written = agreement_json(full(text))
    document = json.loads(written)
    assert not set("\u202e\u2066") & set(written.decode())
    assert document["title"] == document["projects"][0]["objectives"][0]["activity"] == text


def test_each_field_has_its_meaning_and_there_are_no_others() -> None:
    """Of everything that an agreement or a program is made of."""
    kinds = {kind.__name__: kind for kind in MEANING}
    for root in (PublicAgreement, PublicProgram):
        _, shapes = msgspec.json.schema_components([root])
        of_fields = {name: shape for name, shape in shapes.items() if "properties" in shape}
        assert {name: list(shape["properties"]) for name, shape in of_fields.items()} == {
            name: list(MEANING[kinds[name]]) for name in of_fields
        }
        for name in of_fields:
            kinds.pop(name)
    assert not kinds
