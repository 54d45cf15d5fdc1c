"""The store: SQLAlchemy Core tables, the unit of work, the log, migrations, files that ship.

Owns SQL and nothing of the rules: what is written was decided in `lifecycle`. Statements are Core
expressions compiled once per dialect and run on pooled connections; there is no ORM.
"""
