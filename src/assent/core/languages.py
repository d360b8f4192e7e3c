"""The languages of the pages and letters for people who ask for a takedown.

First those of the people whom deepfakes show most: China, Korea, Japan, the United Kingdom, the
United States; then what most of the rest read.
"""

from __future__ import annotations

from collections.abc import Iterable

ENGLISH = "en"
# By their own names, as somebody looks for theirs.
LANGUAGES: dict[str, str] = {
    "en": "English",
    "ar": "العربية",
    "da": "Dansk",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "ja": "日本語",
    "ko": "한국어",
    "pt": "Português",
    "zh-hans": "简体中文",
}
RIGHT_TO_LEFT = frozenset({"ar"})
_SHORT = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans"}


def known(code: str) -> str:
    """Return the language that a code such as `pt-BR` stands for here; English for any other."""
    return _find(code) or ENGLISH


def first_known(wanted: Iterable[str]) -> str:
    """Return the first language here among those that somebody wants; English if there is none."""
    return next((found for one in wanted if (found := _find(one))), ENGLISH)


def direction(code: str) -> str:
    """Return `rtl` for a language that is written from right to left, else `ltr`."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def _find(code: str) -> str:
    whole = code.strip().lower().replace("_", "-")
    for one in (whole, _SHORT.get(whole, ""), whole.partition("-")[0]):
        if one in LANGUAGES:
            return one
    return _SHORT.get(whole.partition("-")[0], "")
