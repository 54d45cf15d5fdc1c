"""`lifecycle propose`: from a document, or from a few words."""

from pathlib import Path

import pytest

from tests.builders import SAMPLES
from tests.cli.conftest import Cli
from tests.stage import Stage

SAMPLE = SAMPLES / "agreement.toml"
RECEIPT = {
    "ref",
    "event",
    "trigger",
    "from",
    "to",
    "version",
    "n",
    "outcome",
    "unmet",
    "effective_on",
    "entry",
    "dry_run",
}


def test_a_document_is_proposed_and_gets_the_years_next_reference(stage: Stage, cli: Cli) -> None:
    """The receipt has every key of the contract, and the log has the line it names."""
    receipt = cli("propose", SAMPLE, json=True).well().json
    assert set(receipt) >= RECEIPT
    assert receipt["ref"] == f"TOR-{stage.day.year}-001"
    assert (receipt["event"], receipt["outcome"], receipt["version"]) == ("created", "ok", 1)
    assert "-002" in cli("propose", SAMPLE).well().out


def test_the_template_is_a_proposal(cli: Cli) -> None:
    """What `--template` prints can be proposed as it is, from standard input too."""
    template = cli("propose", "--template").well().out
    cli("propose", "-", stdin=template).well()


def test_a_few_words_make_a_minimal_proposal(cli: Cli) -> None:
    """Type, partner, country and title are enough to begin with."""
    line = ["--type", "partnership", "--partner", "Oslo", "--country", "NO", "--title", "Oslo"]
    ref = cli("propose", *line, json=True).well().json["ref"]
    shown = cli("show", ref, json=True).well().json
    assert (shown["partner"], shown["country"], shown["title"]) == ("Oslo", "NO", "Oslo")


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["--type", "partnership"],
        ["--title", "Oslo"],
        ["--type", "partnership", "--title", "Oslo", "--country", "NO"],
        [SAMPLE, "--title", "Oslo"],
        ["--type", "partnership", "--title", "Oslo", "--expect-version", "1"],
        ["--type", "alliance", "--title", "Oslo"],
        ["--type", "partnership", "--title", "Oslo", "--partner", "Oslo", "--country", "Norway"],
        ["no-such-file.toml"],
        ["/"],
        ["/dev/zero"],
    ],
)
def test_what_is_no_proposal_is_bad_input(stage: Stage, cli: Cli, line: list[object]) -> None:
    """Words that are missing, contradict each other or are unknown: exit 2, nothing stored."""
    before = stage.path.read_bytes()
    cli("propose", *line).badly(2)
    assert stage.path.read_bytes() == before


def test_a_document_with_a_reference_is_not_new(tmp_path: Path, cli: Cli) -> None:
    """Proposing a document that has `ref` says that `apply` is meant."""
    file = tmp_path / "a.toml"
    file.write_text('ref = "TOR-2026-001"\ntype = "partnership"\ntitle = "T"\n')
    [error] = cli("propose", file, json=True).badly(2).errors
    assert "lifecycle apply" in error["hint"]


def test_a_dry_run_stores_nothing(stage: Stage, cli: Cli) -> None:
    """`--dry-run` gives the receipt that there would be."""
    receipt = cli("propose", SAMPLE, "--dry-run", json=True).well().json
    assert (receipt["dry_run"], receipt["outcome"]) == (True, "ok")
    assert cli("list", json=True).well().json == []
    assert "nothing was stored" in cli("propose", SAMPLE, "--dry-run").well().out
    assert not stage.verify()


def test_an_idempotency_key_proposes_once(cli: Cli) -> None:
    """A repeated order under the same key is answered with the first one's receipt."""
    first = cli("propose", SAMPLE, "--idempotency-key", "k1", json=True).well().json
    again = cli("propose", SAMPLE, "--idempotency-key", "k1", json=True).well().json
    assert again["repeated"] is True
    assert again["entry"] == first["entry"]
    assert len(cli("list", json=True).well().json) == 1
