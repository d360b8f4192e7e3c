"""The shape of our ids in addresses."""

from __future__ import annotations


class ItemId:
    """An item or file id: twelve small letters and digits."""

    regex = "[0-9a-z]{12}"

    def to_python(self, value: str) -> str:
        """Return the id."""
        return value

    def to_url(self, value: str) -> str:
        """Return the id."""
        return value
