"""Flattens the records of public APIs: Civitai-style models and images, and our own items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_LEVELS = ((16, "xxx"), (8, "x"), (4, "r"), (3, "sfw"))
_NESTED = ("modelVersions", "stats", "meta")


def is_nested(names: Iterable[str]) -> bool:
    """Return whether records with these columns need flattening."""
    return any(name in _NESTED for name in names)


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without nesting; what is not understood is kept under its own name."""
    out = dict(record)
    versions = out.pop("modelVersions", None)
    if isinstance(versions, list):
        out.update(_of_versions(versions))
    for name, inner in (("creator", "username"), ("user", "username")):
        if isinstance(out.get(name), Mapping):
            out[name] = out[name].get(inner)
    if "meta" in out and "username" in out:  # an image: whoever posted it made it
        out["creator"] = out.pop("username")
    stats = out.pop("stats", None)
    if isinstance(stats, Mapping):
        out.update({key: value for key, value in stats.items() if key not in out})
    level = out.get("nsfwLevel")
    if isinstance(level, int) and not isinstance(level, bool):
        out["nsfwLevel"] = rating_of(level)
    return out


def rating_of(level: int) -> str:
    """Return the highest rating of a level given as bits: 1 and 2 safe, 4, 8, 16 less so."""
    if level >= 32:
        return "hidden"
    return next((name for bits, name in _LEVELS if level & bits), "sfw")


def _of_versions(versions: list[Any]) -> dict[str, Any]:
    """The first version's date and the newest one's base model, and how many there are."""
    known = [one for one in versions if isinstance(one, Mapping)]
    times = [t for one in known if (t := one.get("publishedAt") or one.get("createdAt"))]
    base = next((one["baseModel"] for one in known if one.get("baseModel")), None)
    found = {"versions": len(known), "baseModel": base, "createdAt": min(times, default=None)}
    return {name: value for name, value in found.items() if value is not None}
