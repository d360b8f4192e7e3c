"""How one character is read: lower case, without accents, width, style or invisible parts."""

from __future__ import annotations

import unicodedata

# Marks that decorate a letter without making it another one: Latin, Greek and Cyrillic accents,
# Hebrew points, Arabic vowel signs, the Devanagari nukta and the variation selectors.
_DROPPED = (
    frozenset(range(0x0300, 0x0370))
    | frozenset(range(0x0591, 0x05C8))
    | frozenset(range(0x064B, 0x0660))
    | frozenset({0x0640, 0x0670, 0x093C, 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0})
    | frozenset(range(0xFE00, 0xFE10))
)

# Letters that no decomposition reaches although every reader takes them for the plain one.
_SPELLED = {
    "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "æ": "ae", "œ": "oe",
    "þ": "th", "ð": "d", "ƒ": "f", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي",
}  # fmt: skip


class _FoldTable(dict[str, str]):
    """Remembers the fold of each character met, so that a long text costs one look-up a letter."""

    def __missing__(self, char: str) -> str:
        self[char] = folded = _fold_one(char)
        return folded


def _fold_one(char: str) -> str:
    if unicodedata.category(char) in ("Cf", "Cs"):
        return ""
    parts = unicodedata.normalize("NFKD", char.casefold())
    kept = (part for part in parts if ord(part) not in _DROPPED)
    return "".join(_SPELLED.get(part.casefold(), part.casefold()) for part in kept)


FOLD = _FoldTable()


class _SameLength(dict[int, str]):
    """The folds of one letter into one, for `str.translate`; any other becomes a NUL."""

    def __missing__(self, code: int) -> str:
        folded = FOLD[chr(code)]
        self[code] = one = folded if len(folded) == 1 else "\0"
        return one


SAME_LENGTH = _SameLength()


def fold(text: str) -> str:
    """Return the text as it is read, without keeping track of offsets.

    >>> fold("Žoë Ｌｉｎ\\u200bda")
    'zoe linda'
    """
    if text.isascii():
        return text.lower()
    table = FOLD
    return "".join([table[char] for char in text])


def _pairs(plain: str, lookalikes: str) -> dict[int, str]:
    return {ord(other): letter for letter, other in zip(plain, lookalikes, strict=True)}


# One character for one character, so that a reading keeps its offsets when it is applied.
CONFUSABLES: dict[int, str] = {
    **_pairs("abcehijklmopstyxdqwrnuvz", "авсеніјкӏморѕтухԁԛԝгпиѵз"),
    **_pairs("aabeniknoptuxyvw", "αɑβεηικνορτυχγѵω"),
    **_pairs("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"),
    **_pairs("ousqgh", "օսѕզցհ"),
    **{0x1F1E6 + i: chr(97 + i) for i in range(26)},
    **{0x1F150 + i: chr(97 + i) for i in range(26)},
    **{0x1F170 + i: chr(97 + i) for i in range(26)},
}

_LEET_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"}
LEET: dict[int, str] = {ord(digit): letter for digit, letter in _LEET_DIGITS.items()}
LEET_L: dict[int, str] = {**LEET, ord("1"): "l", ord("|"): "l", ord("!"): "l"}
LEET_SIGNS = {"@": "a", "$": "s", "!": "i", "|": "i", "+": "t", "€": "e", "£": "l"}
