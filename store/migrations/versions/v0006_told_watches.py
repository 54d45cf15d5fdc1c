"""What is late is found by a smaller index: of what somebody was told of since its day."""

from alembic import op
from sqlalchemy import column

revision = "0006"
down_revision = "0005"

_TOLD = column("next_on") > column("due")


def upgrade() -> None:
    """Put the one in the place of the index of all watches by their day."""
    op.drop_index("ix_watch_due", "watch")
    columns = ["program_id", "due", "key"]
    op.create_index("ix_watch_told", "watch", columns, sqlite_where=_TOLD, postgresql_where=_TOLD)
