"""What all tables share: their names' conventions, days, digests, keys."""

from sqlalchemy import (
    VARCHAR,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Compared byte by byte on PostgreSQL too, whatever the collation of its database.
DAY = String(10).with_variant(VARCHAR(10, collation="C"), "postgresql")
"""A day as ISO text."""

DIGEST = String(64).with_variant(VARCHAR(64, collation="C"), "postgresql")


def program_id() -> Column[int]:
    """Return the column that leads every key."""
    return Column("program_id", Integer, primary_key=True, autoincrement=False)


def key_column(name: str = "key") -> Column[int]:
    """Return a number that is a part of the key."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def of_program() -> ForeignKeyConstraint:
    """Return the constraint that a row is of a program."""
    return ForeignKeyConstraint(["program_id"], ["program.id"])


def of_agreement() -> ForeignKeyConstraint:
    """Return the constraint that a row is of an agreement."""
    return ForeignKeyConstraint(["program_id", "key"], ["agreement.program_id", "agreement.key"])
