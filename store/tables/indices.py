"""The indices of the tables: what keeps nights, lists and seals from walking all rows.

Migrations make them, and a test holds these against what those made. No statement names one, and
no command imports them: one asks for the dialect of PostgreSQL, which is a tenth of a start.
"""

from sqlalchemy import Index

from store.tables import agreement, entry, leaf, mail, metadata, notice, run, watch

__all__ = ["metadata"]

# What the nightly check and the lists of what is due walk: nothing that isn't due is touched.
Index(
    "ix_agreement_due",
    agreement.c.program_id,
    agreement.c.due_rule,
    agreement.c.due,
    agreement.c.key,
)
# The places held under the cap: as many rows as there are places, whatever the portfolio.
Index("ix_agreement_counted", agreement.c.program_id, agreement.c.counted, agreement.c.key)
Index(
    "uq_entry_idempotency_key",
    entry.c.program_id,
    entry.c.idempotency_key,
    unique=True,
    sqlite_where=entry.c.idempotency_key.is_not(None),
    postgresql_where=entry.c.idempotency_key.is_not(None),
)
# What the nightly check walks: as much as somebody is told of, whatever the portfolio.
Index("ix_watch_next", watch.c.program_id, watch.c.next_on, watch.c.key)
# What somebody was told of since its day and is not done: else the day is still ahead of `next_on`.
# Far less than all that is watched, which is why signing does not pay for it.
Index(
    "ix_watch_told",
    watch.c.program_id,
    watch.c.due,
    watch.c.key,
    sqlite_where=watch.c.next_on > watch.c.due,
    postgresql_where=watch.c.next_on > watch.c.due,
)
Index("ix_notice_digest", notice.c.program_id, notice.c.digest, notice.c.key)
Index("ix_mail_state", mail.c.program_id, mail.c.state, mail.c.next_at)
Index("ix_run_started", run.c.program_id, run.c.started_at)
Index("ix_run_completed", run.c.program_id, run.c.outcome, run.c.run_date)
Index("uq_leaf_stream_n", leaf.c.program_id, leaf.c.stream, leaf.c.n, unique=True)
