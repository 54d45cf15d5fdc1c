"""What was published, as it is shown, refused and corrected on the command line (R28)."""

import pytest

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.cli.conftest import Cli
from tests.hands import publication
from tests.stage import Stage

URL = "https://toronto.ca/agreements/TOR-2026-001.html"


@pytest.fixture
def noted(stage: Stage) -> Ref:
    """Return a signed agreement of which a publication is noted, on its last line."""
    ref = stage.reach(State.SIGNED)
    stage.publish(publication(ref))
    return ref


def test_publication_shows_among_the_records_and_on_the_log(
    stage: Stage, cli: Cli, noted: Ref
) -> None:
    """R28: its day, the address and the term; all of it in JSON."""
    n = stage.last(noted).n
    shown = cli("show", noted).well().out
    assert f"{n} {stage.day} published term 1 at {URL}" in " ".join(shown.split())
    (record,) = cli("show", noted, "--records", json=True).well().json
    known = {key: record[key] for key in ("n", "kind", "on", "url", "term", "sha256")}
    assert known == {
        "n": n,
        "kind": "published",
        "on": stage.day.isoformat(),
        "url": URL,
        "term": 1,
        "sha256": "a" * 64,
    }
    assert "term 1 published" in cli("log", noted).well().out
    assert URL in cli("log", "why", noted, n).well().out
    assert "published" in cli("log", "export", "--format", "xes", "--all-events").well().out


def test_publication_recorded_by_hand_names_the_command_that_notes_it(cli: Cli, noted: Ref) -> None:
    """Nothing is written."""
    ran = cli("record", noted, "published", f"url={URL}").badly(2)
    assert "lifecycle publish DIR --record URL" in " ".join(ran.err.split())


def test_wrong_publication_is_retracted_and_missing_from_then_on(
    stage: Stage, cli: Cli, noted: Ref
) -> None:
    """R28: `check` names what is missing and the command."""
    n = stage.last(noted).n

    def codes() -> list[str]:
        asked = cli("check", noted, Trigger.ACTIVATE, json=True).json
        return [unmet["code"] for unmet in asked[0]["unmet"]]

    assert "publication.missing" not in codes()
    cli("correct", noted, "--entry", n, "url=https://ottawa.ca/").badly(2)
    cli("correct", noted, "--entry", n, "--void", "--yes", "-m", "Another site.").well()
    assert "publication.missing" in codes()
    assert cli("show", noted, "--records", json=True).well().json == []
    told = cli("check", noted, Trigger.ACTIVATE).out
    assert "lifecycle publish DIR --record URL" in " ".join(told.split())
