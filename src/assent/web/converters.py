"""The shape of our ids in addresses."""

from __future__ import annotations


class Plain:
    """What every converter of ours does with a value: nothing."""

    regex: str

    def to_python(self, value: str) -> str:
        """Return the id."""
        return value

    def to_url(self, value: str) -> str:
        """Return the id."""
        return value


class ItemId(Plain):
    """An item or file id: twelve small letters and digits."""

    regex = "[0-9a-z]{12}"


class Code(Plain):
    """A case number or the reference of a consent record, as somebody may have typed it."""

    regex = "[0-9A-Za-z-]{1,40}"


class Name(Plain):
    """The name of a log-in; older ones may hold more than sign-up allows today."""

    regex = r"[\w.@+-]{1,150}"


class FileName(Plain):
    """The name of a published file."""

    regex = r"[a-z0-9.-]{1,60}"


class Ticket(Plain):
    """A sealed ticket in an address."""

    regex = r"[A-Za-z0-9_=-]{1,1000}"
