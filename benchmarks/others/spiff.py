"""SpiffWorkflow: a BPMN process whose serialised state is read, moved on and written back."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from benchmarks.others.work import DUE, Work, agreements, complete, documents, entries, head_of

_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="bench"
    targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="agreement" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="negotiation" />
    <bpmn:userTask id="negotiation" name="negotiation">
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="b" sourceRef="negotiation" targetRef="signed" />
    <bpmn:userTask id="signed" name="signed">
      <bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="c" sourceRef="signed" targetRef="active" />
    <bpmn:userTask id="active" name="active">
      <bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>d</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="d" sourceRef="active" targetRef="evaluation" />
    <bpmn:userTask id="evaluation" name="evaluation">
      <bpmn:incoming>d</bpmn:incoming><bpmn:outgoing>e</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="e" sourceRef="evaluation" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>e</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""


def document(text: str, state: str) -> str:
    """Return the serialised process with a document as its data, waiting in a state."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "agreement.bpmn")
        file.write_text(_BPMN, encoding="utf-8")
        parser = BpmnParser()
        parser.add_bpmn_file(str(file))
        flow = BpmnWorkflow(parser.get_spec("agreement"))
    flow.data["document"] = json.loads(text)
    flow.do_engine_steps()
    while _ready(flow).task_spec.name != state:
        _ready(flow).run()
        flow.do_engine_steps()
    return str(_serializer().serialize_json(flow))


def signing(work: Work) -> Callable[[], None]:
    """Return what signs the next agreement."""
    engine, serializer, left = _engine(work), _serializer(), iter(work.ids)

    def step() -> None:
        with engine.begin() as connection:
            asked = _WITH_DOCUMENT.where(agreements.c.id == next(left))
            row = connection.execute(asked if work.sqlite else _locked(asked)).one()
            flow = serializer.deserialize_json(row.body)
            if not complete(json.dumps(flow.data["document"])):
                raise RuntimeError(row.id)
            _move(connection, serializer, flow, row, work.line)

    return step


def sweep(work: Work) -> int:
    """Expire what is due, in one transaction; returns how much it was."""
    serializer = _serializer()
    with _engine(work).begin() as connection:
        asked = _WITH_DOCUMENT.where(agreements.c.state == "active", agreements.c.due <= DUE)
        due = connection.execute(asked if work.sqlite else _locked(asked)).all()
        for row in due:
            _move(connection, serializer, serializer.deserialize_json(row.body), row, work.line)
    return len(due)


_WITH_DOCUMENT = sa.select(agreements, documents.c.body).join(
    documents, documents.c.id == agreements.c.document_id
)


def _locked(asked: "sa.Select[Any]") -> "sa.Select[Any]":
    return asked.with_for_update(of=agreements)


def _move(connection: sa.Connection, serializer: Any, flow: Any, row: Any, line: str) -> None:  # noqa: ANN401 - theirs
    _ready(flow).run()
    flow.do_engine_steps()
    moved = {
        "state": _ready(flow).task_spec.name,
        "version": row.version + 1,
        "n": row.n + 1,
        "head": head_of(line),
    }
    connection.execute(agreements.update().where(agreements.c.id == row.id).values(moved))
    connection.execute(
        documents.update()
        .where(documents.c.id == row.document_id)
        .values(body=serializer.serialize_json(flow))
    )
    connection.execute(entries.insert().values(agreement_id=row.id, n=row.n + 1, line=line))


def _ready(flow: Any) -> Any:  # noqa: ANN401 - theirs
    (task,) = flow.get_tasks(state=TaskState.READY, manual=True)
    return task


def _serializer() -> Any:  # noqa: ANN401 - theirs
    return BpmnWorkflowSerializer()


def _engine(work: Work) -> sa.Engine:
    engine = sa.create_engine(work.url)
    if work.sqlite:

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    return engine
