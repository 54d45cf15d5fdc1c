"""Fixtures of the acceptance tests: as those of the command line's."""

from tests.cli.conftest import home

__all__ = ["home"]
