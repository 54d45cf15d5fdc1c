"""The migrations, in Alembic's form; `store.migrating` runs them from the installed package."""
