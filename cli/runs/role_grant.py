"""What `lifecycle role grant` does: gives the order that grants a role."""

from datetime import date

from cli.roles import change_role, role_of
from cli.settings import Settings, Writing
from states.roles import RoleChange


def grant(settings: Settings, writing: Writing, name: str, word: str, until: date | None) -> int:
    """Grant a role; returns the exit code."""
    return change_role(
        settings, writing, RoleChange(name, role_of(word), granted=True, until=until)
    )
