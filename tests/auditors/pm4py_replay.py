"""Replays an exported log on the exported net with pm4py; runs in an environment of pm4py's own.

`python pm4py_replay.py FOLDER SEED` reads `log.xes` and `log.pnml` there, and prints as JSON how
far the log fits and what was found of steps that no agreement may take, planted in copies of it.
pm4py is AGPL: nothing of this program imports it, and nothing here imports this program.
"""

import json
import random
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pm4py
from pm4py.algo.conformance.alignments.petri_net import algorithm as alignments

Trace = list[str]
Planting = Callable[[Trace], Trace | None]
"""Returns the steps of a trace with one planted that is not legal, or None where that can't be."""

_CASE, _STEP = "concept:name", "concept:name"
_AT_MOST = 50
"""In how many traces of a copy a step is planted."""
_FITS = 1.0


def _swapped(first: str, then: str) -> Planting:
    """Return a planting that lets a step come before the one that it follows."""

    def plant(steps: Trace) -> Trace | None:
        for at, pair in enumerate(pairwise(steps)):
            if pair == (first, then):
                return [*steps[:at], then, first, *steps[at + 2 :]]
        return None

    return plant


def _left_out(step: str, then: str) -> Planting:
    """Return a planting that leaves out the step without which another can't come."""

    def plant(steps: Trace) -> Trace | None:
        for at, pair in enumerate(pairwise(steps)):
            if pair == (step, then):
                return [*steps[:at], *steps[at + 1 :]]
        return None

    return plant


def _twice(step: str) -> Planting:
    """Return a planting that repeats a step."""

    def plant(steps: Trace) -> Trace | None:
        if step not in steps:
            return None
        at = steps.index(step)
        return [*steps[:at], step, *steps[at:]]

    return plant


def _at_the_end(after: str, step: str) -> Planting:
    """Return a planting that goes on after what was the end."""

    def plant(steps: Trace) -> Trace | None:
        return [*steps, step] if steps and steps[-1] == after else None

    return plant


PLANTINGS: dict[str, Planting] = {
    "activated_before_it_was_signed": _swapped("sign", "activate"),
    "signed_without_being_accepted": _left_out("accept", "sign"),
    "signed_twice": _twice("sign"),
    "renewed_after_it_was_declined": _at_the_end("decline", "renew"),
    "renewed_after_sunset": _at_the_end("sunset", "renew"),
}


def main(folder: str, seed: str) -> None:
    """Replay the log of a folder, then copies with planted steps; print what was found."""
    warnings.filterwarnings("ignore")
    where, chance = Path(folder), random.Random(int(seed))  # noqa: S311 - drawn again from its seed
    net = pm4py.read_pnml(str(where / "log.pnml"))
    traces, steps, fitness = _replayed(where / "log.xes", net)
    found = {name: _planted(where, net, planting, chance) for name, planting in PLANTINGS.items()}
    answer = {
        "pm4py": version("pm4py"),
        "traces": len(traces),
        "events": steps,
        **fitness,
        "deviating": _deviating(traces),
        "planted": found,
    }
    print(json.dumps(answer))  # noqa: T201 - the answer of this process


def _planted(
    where: Path, net: Sequence[Any], planting: Planting, chance: random.Random
) -> dict[str, Any]:
    """Plant a step in some traces of a copy; tell which, and which were found."""
    log = ET.parse(where / "log.xes")  # noqa: S314 - written by this program a moment ago
    traces = list(log.getroot().iter("trace"))
    chance.shuffle(traces)
    planted: list[str] = []
    for trace in traces:
        if len(planted) < _AT_MOST and _plant(trace, planting):
            planted.append(_said(trace, _CASE))
    copy = where / "planted.xes"
    log.write(copy, encoding="UTF-8", xml_declaration=True)
    found, _steps, fitness = _replayed(copy, net)
    return {"planted": sorted(planted), "found": _deviating(found), **fitness}


def _plant(trace: ET.Element, planting: Planting) -> bool:
    events = list(trace.iter("event"))
    steps = planting([_said(event, _STEP) for event in events])
    if steps is None:
        return False
    for event in events[len(steps) :]:
        trace.remove(event)
    for at, step in enumerate(steps):
        if at < len(events):
            _element(events[at], _STEP).set("value", step)
        else:
            copied = ET.fromstring(ET.tostring(events[-1]))  # noqa: S314 - as above
            _element(copied, _STEP).set("value", step)
            trace.append(copied)
    return True


def _replayed(
    file: Path, net: Sequence[Any]
) -> tuple[dict[str, tuple[bool, bool]], int, dict[str, float]]:
    """Return of each trace whether it fits by tokens and by alignment, and the log's fitness."""
    log = pm4py.read_xes(str(file), return_legacy_log_object=True)
    tokens = pm4py.conformance_diagnostics_token_based_replay(log, *net)
    # A silent step costs nothing: it is no deviation.
    silent = {t: 0 if t.label is None else 10_000 for t in net[0].transitions}
    free = {
        "model_cost_function": silent,
        "sync_cost_function": dict.fromkeys(silent, 0),
        "show_progress_bar": False,
    }
    aligned = alignments.apply_log(log, *net, parameters=free)
    names = [trace.attributes[_CASE] for trace in log]
    fits = {
        name: (bool(one["trace_is_fit"]), two["fitness"] == _FITS)
        for name, one, two in zip(names, tokens, aligned, strict=True)
    }
    return fits, sum(map(len, log)), _fitness(tokens, aligned)


def _fitness(tokens: Sequence[Any], aligned: Sequence[Any]) -> dict[str, float]:
    return {
        "by_token_replay": _mean([one["trace_fitness"] for one in tokens]),
        "by_alignments": _mean([two["fitness"] for two in aligned]),
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else _FITS


def _deviating(traces: dict[str, tuple[bool, bool]]) -> dict[str, list[str]]:
    return {
        "by_token_replay": sorted(name for name, (one, _two) in traces.items() if not one),
        "by_alignments": sorted(name for name, (_one, two) in traces.items() if not two),
    }


def _said(element: ET.Element, key: str) -> str:
    return _element(element, key).get("value", "")


def _element(element: ET.Element, key: str) -> ET.Element:
    return next(child for child in element if child.get("key") == key)


if __name__ == "__main__":
    main(*sys.argv[1:])
