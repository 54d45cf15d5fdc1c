"""What `lifecycle role revoke` does: gives the order that revokes a role."""

from cli.roles import change_role, role_of
from cli.settings import Settings, Writing
from states.roles import RoleChange


def revoke(settings: Settings, writing: Writing, name: str, word: str) -> int:
    """Revoke a role; returns the exit code."""
    return change_role(settings, writing, RoleChange(name, role_of(word), granted=False))
