"""Publications: lines of an event that the release before did not know.

No table changes. On PostgreSQL the functions that take lines in say whose each deed is, and are set
anew with every upgrade (`store.migrating`); before, they refuse to note a publication.
"""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change nothing here."""
