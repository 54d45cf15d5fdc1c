"""`lifecycle log export`: formats that auditors' own tools read, whatever people wrote."""

import csv
import io
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cli.output.flat import COLUMNS
from states.petri import END, START, net
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal, process
from tests.stage import NEXT_TERM, Stage

Event = Mapping[str, str]
HOSTILE = (
    "]]></event><event>",
    'anna"/><string key="concept:name" value="sign"/>',
    "<!-- &amp; &#10;",
    "\u202eannah\u202c",
    "Łódź 友好 \U0001f91d",
    "tab\tline\nreturn\rseparator\u2028",
    "é" * 10_000,
)
PNML = "{http://www.pnml.org/version-2009/grammar/pnml}"


def exported(stage: Stage, *line: object) -> bytes:
    """Return an export byte by byte, as a process of its own writes it."""
    line = "--db", stage.path, "log", "export", *line
    return process(*line).well().out.encode()


def parsed(text: bytes | str) -> ET.Element:
    """Return a document that this program wrote a moment ago, as an XML parser has it."""
    return ET.fromstring(text)  # noqa: S314


def lines_of(stage: Stage, *refs: Ref) -> list[bytes]:
    """Return the lines of the program's own stream, then those of agreements."""
    return [line for ref in (None, *refs) for line in stage.raw(ref)]


def traces(text: bytes) -> dict[str, list[Event]]:
    """Return the events of each trace, each event as its attributes by key."""
    log = parsed(text)
    found: dict[str, list[Event]] = {}
    for trace in log.iter("trace"):
        (name,) = (child.get("value") for child in trace if child.get("key") == "concept:name")
        found[str(name)] = [
            {str(child.get("key")): str(child.get("value")) for child in event}
            for event in trace.iter("event")
        ]
    return found


def names(events: list[Event]) -> list[str]:
    """Return the names of the steps of a trace."""
    return [event["concept:name"] for event in events]


def rows(text: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file, as Python's own reader has them."""
    return list(csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True))


def places_after(steps: list[str]) -> str:
    """Return where a log's steps lead on the net; KeyError where one can't be taken."""
    ways = {(step.source, step.label): step.target for step in net().steps}
    place = START
    for step in steps:
        place = ways[place, step]
    return place


def test_json_lines_are_the_log_byte_for_byte(stage: Stage) -> None:
    """The program's own stream first, then each agreement's in the order of references."""
    later, ref = stage.reach(State.ACTIVE), stage.propose()
    assert later.key < ref.key
    stage.nightly()
    wanted = b"".join(line + b"\n" for line in lines_of(stage, later, ref))
    assert exported(stage, "--format", "jsonl") == wanted
    assert exported(stage, "--json") == wanted


def test_csv_has_a_row_each_line_and_a_column_each_key(stage: Stage) -> None:
    """Actor and guards flattened, and the digest of the line, which ties the row to it."""
    ref = stage.reach(State.SIGNED)
    stage.advance(ref, Trigger.SIGN)
    found, lines = rows(exported(stage, "--format", "csv")), lines_of(stage, ref)
    assert [row["entry"] for row in found] == [sha256(line).hexdigest() for line in lines]
    said = json.loads(lines[-1])
    flat = {"actor.id": said["actor"]["id"], "actor.how": said["actor"]["how"]}
    assert list(found[-1]) == list(COLUMNS)
    assert set(found[-1]) == {*said, *flat, "entry"} - {"actor"}
    assert {key: found[-1][key] for key in flat} == flat
    assert (found[-1]["n"], found[-1]["agreement"]) == (str(said["n"]), str(ref))
    (signed,) = (row for row in found if row["trigger"] == "sign" and row["outcome"] == "ok")
    assert "smart_complete met; resourced met" in signed["guards"]


def test_no_cell_acts_in_a_spreadsheet(stage: Stage, cli: Cli) -> None:
    """Neither in the export nor in another command's CSV: an actor, an owner, a title."""
    ref = stage.propose(actor="=1+1")
    stage.tamper("UPDATE agreement SET title = :title", title='@SUM(1+1),"x"')
    (row,) = (row for row in rows(exported(stage, "--format", "csv")) if row["agreement"])
    assert row["actor.id"] == "'=1+1"
    (listed,) = rows(cli("list", "--format", "csv").well().out.encode())
    assert (listed["ref"], listed["title"]) == (str(ref), '\'@SUM(1+1),"x"')
    assert "=1+1" not in {row["actor"] for row in rows(csv_of_log(cli, ref))}


def csv_of_log(cli: Cli, ref: Ref) -> bytes:
    """Return what `log show` gives as CSV."""
    return cli("log", "show", ref, "--format", "csv").well().out.encode()


def test_trace_is_an_agreement_and_its_events_are_its_steps(stage: Stage) -> None:
    """Who, when, in which role; what was refused or only written is no step."""
    ref = stage.reach(State.SIGNED)
    stage.advance(ref, Trigger.SIGN)
    found = traces(exported(stage, "--format", "xes"))
    assert list(found) == [str(ref)]
    assert names(found[str(ref)]) == ["created", "submit", "accept", "sign"]
    signed, entry = found[str(ref)][-1], stage.entries(ref)[-2]
    assert signed["time:timestamp"] == entry.recorded_at
    assert (signed["org:resource"], signed["org:role"]) == ("dora", "decider")
    assert signed["lifecycle:transition"] == "complete"
    assert (signed["agreement:from"], signed["agreement:to"]) == ("negotiation", "signed")
    assert signed["agreement:n"] == str(entry.n)
    assert signed["agreement:entry"] == sha256(stage.raw(ref)[-2]).hexdigest()


def test_document_says_what_its_attributes_are(stage: Stage) -> None:
    """In the order that the standard's schema has: extensions, globals, classifiers, traces."""
    stage.reach(State.DECISION)
    log = parsed(exported(stage, "--format", "xes"))
    order = [child.tag for child in log]
    parts = ["extension", "global", "classifier", "string", "trace"]
    assert list(dict.fromkeys(order)) == parts
    assert order == sorted(order, key=parts.index)
    prefixes = {child.get("prefix") for child in log.iter("extension")}
    keys = {str(child.get("key")) for child in log.iter() if child.get("key")}
    assert {key.partition(":")[0] for key in keys} <= prefixes
    (always,) = (child for child in log.iter("global") if child.get("scope") == "event")
    for event in log.iter("event"):
        assert {child.get("key") for child in always} <= {child.get("key") for child in event}
    for classifier in log.iter("classifier"):
        assert set(str(classifier.get("keys")).split()) <= {c.get("key") for c in always}


def test_every_way_replays_on_the_net(stage: Stage) -> None:
    """A renewal, an agreement that was taken over, and a step that was taken back."""
    renewed, over = stage.along(NEXT_TERM), stage.take_over(state=State.EVALUATION)
    back = stage.reach(State.NEGOTIATION)
    stage.taken_back(back)
    stage.pull(over, Trigger.SUNSET)
    found = traces(exported(stage, "--format", "xes"))
    assert names(found[str(back)])[-2:] == ["accept", "taken_back decision"]
    assert names(found[str(over)]) == ["taken_over evaluation", "sunset"]
    for ref in (renewed, over, back):
        assert places_after(names(found[str(ref)])) == stage.standing(ref).state


def test_all_events_are_every_line(stage: Stage) -> None:
    """Refusals, edits, and the program's own, which make a trace of their own."""
    ref = stage.reach(State.DECISION)
    stage.advance(ref, Trigger.ACCEPT)
    stage.score(ref)
    found = traces(exported(stage, "--format", "xes", "--all-events"))
    assert names(found["TOR"]) == ["policy_adopted"]
    assert names(found[str(ref)]) == ["created", "submit", "accept refused", "scored"]
    refused = found[str(ref)][2]
    assert refused["lifecycle:transition"] == "ate_abort"
    assert "criteria_scored unmet scores.missing" in refused["agreement:guards"]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_is_the_log_has_the_same_events(stage: Stage, name: str) -> None:
    """Nothing in it opens or ends a part or adds a key, and it reads back as it was."""
    ref = stage.propose(actor=name)
    (event,) = traces(exported(stage, "--format", "xes"))[str(ref)]
    assert event["org:resource"] == name
    assert event["concept:name"] == "created"
    (row,) = (row for row in rows(exported(stage, "--format", "csv")) if row["agreement"])
    assert row["actor.id"] == name
    assert exported(stage, "--format", "jsonl").splitlines()[-1] == stage.raw(ref)[-1]


def test_what_xml_can_not_hold_is_written_out(stage: Stage) -> None:
    """Control characters stand there as their code points; the lines have them as they were."""
    ref = stage.propose(actor="a\x1b[2J\x07\ufffe\x85b")
    (event,) = traces(exported(stage, "--format", "xes"))[str(ref)]
    assert event["org:resource"] == "a\\u001b[2J\\u0007\\ufffe\x85b"


def test_net_is_that_of_the_table(cli: Cli) -> None:
    """Each place, step and arc once; a token at the start, and the end as final marking."""
    drawn = parsed(cli("log", "export", "--format", "pnml").well().out)
    assert [place.get("id") for place in drawn.iter(f"{PNML}place") if place.get("id")] == [
        *net().places
    ]
    arcs = {(arc.get("source"), arc.get("target")) for arc in drawn.iter(f"{PNML}arc")}
    assert arcs == {(s.source, s.id) for s in net().steps} | {(s.id, s.target) for s in net().steps}
    named = {step.get("id"): step.findtext(f"{PNML}name/{PNML}text") for step in transitions(drawn)}
    assert named == {step.id: step.label for step in net().steps}
    silent = {s.get("id") for s in transitions(drawn) if s.find(f"{PNML}toolspecific") is not None}
    assert silent == {step.id for step in net().steps if step.label is None}
    marked = [place.get("id") for place in drawn.iter(f"{PNML}place") if list(place)[1:]]
    assert marked == [START]
    (final,) = drawn.iter(f"{PNML}marking")
    assert [place.get("idref") for place in final] == [END]


def transitions(drawn: ET.Element) -> list[ET.Element]:
    """Return the transitions of a net."""
    return list(drawn.iter(f"{PNML}transition"))


def test_net_names_the_definition_of_the_lines(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """And needs no database: it is the table's."""
    text = process("--db", tmp_path / "none.db", "log", "export", "--format", "pnml").well().out
    assert stage.last(None).definition in text
    assert cli("log", "export", "--format", "pnml").well().out == text


def test_program_without_agreements_is_exported(stage: Stage) -> None:
    """Its own lines, no trace, and no complaint."""
    assert traces(exported(stage, "--format", "xes")) == {}
    assert [row["event"] for row in rows(exported(stage, "--format", "csv"))] == ["policy_adopted"]
    assert len(exported(stage, "--format", "jsonl").splitlines()) == len(stage.raw(None))


def test_many_lines_come_in_pieces(stage: Stage) -> None:
    """More than are read or written at once: each is there once, in its place."""
    refs = [stage.take_over() for _ in range(1_100)]
    wanted = lines_of(stage, *refs)
    assert exported(stage, "--format", "jsonl").splitlines() == wanted
    found = rows(exported(stage, "--format", "csv"))
    assert [row["entry"] for row in found] == [sha256(line).hexdigest() for line in wanted]
    assert list(traces(exported(stage, "--format", "xes"))) == [str(ref) for ref in refs]


@pytest.mark.parametrize("form", ["csv", "jsonl", "xes", "pnml"])
def test_ending_of_the_file_says_the_format(
    stage: Stage, cli: Cli, tmp_path: Path, form: str
) -> None:
    """The file has what standard output would have."""
    stage.reach(State.DECISION)
    file = tmp_path / f"log.{form}"
    assert not cli("log", "export", "-o", file).well().out
    assert file.read_bytes() == exported(stage, "--format", form)


def test_file_is_written_whole_or_not_at_all(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """What was there stays where the new one fails; a line that is none is named."""
    ref = stage.reach(State.DECISION)
    file = tmp_path / "log.xes"
    cli("log", "export", "-o", file).well()
    before = file.read_bytes()
    stage.tamper(
        "DROP TRIGGER entry_no_update", "UPDATE entry SET line = '{\"v\":1}' WHERE stream > 0"
    )
    told = process("--db", stage.path, "log", "export", "-o", file).badly(3)
    assert f"line 1 of {ref} is no line of a log" in " ".join(told.err.split())
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.glob("*log*")] == ["log.xes"]
    assert b'{"v":1}\n' in exported(stage, "--format", "jsonl")


def test_format_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    """Which there are is told; none that contradicts another option is taken."""
    assert "csv, jsonl, xes or pnml" in cli("log", "export").badly(2).err
    assert "pnml" in cli("log", "export", "--format", "xlsx").badly(2).err
    assert "xes" in cli("log", "export", "-o", tmp_path / "log.xml").badly(2).err
    told = cli("log", "export", "--format", "csv", json=True).badly(2)
    assert "--format jsonl" in told.errors[0]["message"]
    assert "xes" in cli("log", "export", "--format", "csv", "--all-events").badly(2).err
    assert not list(tmp_path.glob("log*"))


def test_terminal_gets_nothing_that_acts(stage: Stage) -> None:
    """What is exported to a terminal is for looking at."""
    stage.propose(actor="a\x9b2Jb\u202e")
    said = on_terminal("--db", stage.path, "log", "export", "--format", "csv").well().out
    assert "a\\u009b2Jb\\u202e" in said
