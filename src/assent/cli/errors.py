"""The two ways in which a command fails; `main` turns them into exit codes."""

from __future__ import annotations


class UserMistake(Exception):  # noqa: N818 - it is not our error
    """The command was called wrongly, or its input is wrong: exit code 2."""


class OutsideFailure(Exception):  # noqa: N818 - it is not our error
    """A disk, network or database failed us: exit code 3."""
