"""Django with viewflow.fsm, as its manual has it: a flow over a model, a transaction a step."""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa

from benchmarks.others.work import DUE, Work, complete, head_of


def signing(work: Work) -> Callable[[], None]:
    """Return what signs the next agreement."""
    flow, agreements, left = *_set_up(work), iter(work.ids)
    from django.db import transaction

    def step() -> None:
        with transaction.atomic():
            rows = agreements.select_related("document")
            own = rows if work.sqlite else rows.select_for_update(of=("self",))
            flow(own.get(pk=next(left)), work.line).sign()

    return step


def sweep(work: Work) -> int:
    """Expire what is due, in one transaction; returns how much it was."""
    flow, agreements = _set_up(work)
    from django.db import transaction

    with transaction.atomic():
        rows = agreements.filter(state="active", due__lte=DUE)
        due = list(rows if work.sqlite else rows.select_for_update())
        for agreement in due:
            flow(agreement, work.line).expire()
    return len(due)


@cache
def _set_up(work: Work) -> tuple[Any, Any]:
    """Set Django up for this process, and return the flow and its agreements."""
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={"default": _database(work)},
        INSTALLED_APPS=[],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.db import models
    from viewflow import fsm

    class Document(models.Model):
        body = models.TextField()

        class Meta:
            app_label, db_table, managed = "bench", "document", False

    class Agreement(models.Model):
        state = models.CharField(max_length=16)
        version = models.IntegerField()
        n = models.IntegerField()
        head = models.CharField(max_length=64)
        due = models.CharField(max_length=10, null=True)
        document = models.ForeignKey(Document, models.PROTECT)

        class Meta:
            app_label, db_table, managed = "bench", "agreement", False

    class Entry(models.Model):
        agreement = models.ForeignKey(Agreement, models.PROTECT)
        n = models.IntegerField()
        line = models.TextField()

        class Meta:
            app_label, db_table, managed = "bench", "entry", False

    class Flow:
        state = fsm.State(["negotiation", "signed", "active", "evaluation"], default="negotiation")

        def __init__(self, agreement: Agreement, line: str) -> None:
            self.agreement, self.line = agreement, line

        @state.setter()
        def _set(self, value: str) -> None:
            self.agreement.state = value

        @state.getter()
        def _get(self) -> str:
            return self.agreement.state

        @state.on_success()
        def _moved(self, _descriptor: object, _source: str, _target: str) -> None:
            self.agreement.version += 1
            self.agreement.n += 1
            self.agreement.head = head_of(self.line)
            self.agreement.save()
            Entry.objects.create(agreement=self.agreement, n=self.agreement.n, line=self.line)

        @state.transition(
            source="negotiation",
            target="signed",
            conditions=[lambda flow: complete(flow.agreement.document.body)],
        )
        def sign(self) -> None:
            """Sign it."""

        @state.transition(source="active", target="evaluation")
        def expire(self) -> None:
            """Its term is over."""

    return Flow, Agreement.objects


def _database(work: Work) -> dict[str, Any]:
    url = sa.make_url(work.url)
    if work.sqlite:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database, "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database,
        "USER": url.username,
        "PASSWORD": url.password or "",
        "HOST": url.query.get("host", url.host),
        "PORT": url.query.get("port", url.port or ""),
        "CONN_MAX_AGE": None,
    }
