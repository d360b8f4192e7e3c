"""Reads one raw column as what it should hold; what cannot be read becomes null and is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import polars as pl

from assent.audit.schema import FALSE, LEVELS, RATINGS, TRUE, Holds
from assent.audit.sources.nested import rating_of

_FORMATS = (
    "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%b %d, %Y", "%B %d, %Y", "%d %b %Y",
    "%d.%m.%Y",
)  # fmt: skip
_NAIVE = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f")
_UTC = pl.Datetime("us", "UTC")
_FLAGS = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)


def as_text(raw: pl.Series) -> pl.Series:
    """Return trimmed texts; an empty one is null. Lists are joined by |."""
    if raw.dtype == pl.Struct:
        return raw.struct.json_encode()
    if isinstance(raw.dtype, pl.List):
        return raw.cast(pl.List(pl.String)).list.join("|")
    if raw.dtype.is_float() and (raw.drop_nulls() % 1 == 0).all():
        raw = raw.cast(pl.Int64)
    text = raw.cast(pl.String)
    if raw.dtype != pl.String:
        return text
    text = text.str.strip_chars()
    return text.set(text == "", None)


def as_number(raw: pl.Series) -> pl.Series:
    """Return numbers; thousands may be parted by commas."""
    if raw.dtype.is_numeric():
        number = raw.cast(pl.Float64)
    else:
        number = as_text(raw).str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    return number.set(~number.is_finite(), None)


def as_flag(raw: pl.Series) -> pl.Series:
    """Return booleans from yes/no, true/false, 1/0."""
    if raw.dtype == pl.Boolean:
        return raw
    return as_text(raw).str.to_lowercase().replace_strict(
        list(_FLAGS), list(_FLAGS.values()), default=None, return_dtype=pl.Boolean
    )  # fmt: skip


def as_time(raw: pl.Series) -> pl.Series:
    """Return UTC times. A time without a zone is taken as UTC, a date as its first moment."""
    if raw.dtype == pl.Date:
        return raw.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if isinstance(raw.dtype, pl.Datetime):
        if raw.dtype.time_zone is None:
            raw = raw.dt.replace_time_zone("UTC")
        return raw.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    if raw.dtype.is_numeric():
        return _epoch(raw.cast(pl.Float64))
    text = as_text(raw)
    found = pl.Series(raw.name, [None] * len(raw), _UTC)
    for way in _ways():
        left = text.filter(found.is_null())
        if left.null_count() == len(left):
            break
        found = found.zip_with(found.is_not_null(), way(text) if len(left) == len(text) else
                               _only(way, text, found))  # fmt: skip
    return found


def _only(way: Callable[[pl.Series], pl.Series], text: pl.Series, found: pl.Series) -> pl.Series:
    return way(text.set(found.is_not_null(), None))


def _ways() -> list[Callable[[pl.Series], pl.Series]]:
    """Ways to read a time, the commonest first."""

    def zoned(form: str) -> Callable[[pl.Series], pl.Series]:
        return lambda t: t.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")

    def naive(form: str) -> Callable[[pl.Series], pl.Series]:
        return lambda t: t.str.to_datetime(form, strict=False, time_unit="us").dt.replace_time_zone(
            "UTC"
        )

    def day(form: str) -> Callable[[pl.Series], pl.Series]:
        return lambda t: as_time(t.str.to_date(form, strict=False))

    days = [day(form) for form in ("%Y-%m-%d", *_FORMATS[2:])]
    return [
        zoned(_FORMATS[0]), days[0], zoned(_FORMATS[1]), *map(naive, _NAIVE), *days[1:],
        lambda t: _epoch(t.cast(pl.Float64, strict=False)),
    ]  # fmt: skip


def _epoch(number: pl.Series) -> pl.Series:
    """Seconds since 1970, or milliseconds where that would lie beyond the year 5000."""
    seconds = number.zip_with(number.is_null() | (number < 1e11), number / 1000)
    seconds = seconds.set(~seconds.is_between(0, 1e11), None)
    return (seconds * 1e6).cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def as_rating(raw: pl.Series) -> pl.Series:
    """Return ratings as levels joined by |, each once, from words, flags or Civitai's bits."""
    if raw.dtype.is_integer():
        values = {number: rating_of(number) for number in raw.drop_nulls().unique()}
        return raw.replace_strict(list(values), list(values.values()), default=None,
                                  return_dtype=pl.String)  # fmt: skip
    text = as_text(raw).str.to_lowercase()
    known = {value: _levels(value) for value in text.drop_nulls().unique()}
    return text.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )


def _levels(value: str) -> str | None:
    levels = {RATINGS.get(part.strip()) for part in value.split("|")}
    if None in levels:
        return None
    return "|".join(level for level in LEVELS if level in levels)


def as_word(raw: pl.Series) -> pl.Series:
    """Return trimmed texts as they are; measures fold their spelling."""
    return as_text(raw)


READ: Mapping[Holds, Callable[[pl.Series], pl.Series]] = {
    Holds.TEXT: as_text, Holds.WORD: as_word, Holds.TIME: as_time,
    Holds.NUMBER: as_number, Holds.FLAG: as_flag, Holds.RATING: as_rating,
}  # fmt: skip
SAYS: Mapping[Holds, str] = {
    Holds.TIME: "is not a time", Holds.NUMBER: "is not a number",
    Holds.FLAG: "is neither yes nor no", Holds.RATING: "is not a known rating",
}  # fmt: skip
DTYPES: Mapping[Holds, pl.DataType] = {
    Holds.TEXT: pl.String(), Holds.WORD: pl.String(), Holds.TIME: _UTC,
    Holds.NUMBER: pl.Float64(), Holds.FLAG: pl.Boolean(), Holds.RATING: pl.String(),
}  # fmt: skip
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)  # an export knows nothing older
