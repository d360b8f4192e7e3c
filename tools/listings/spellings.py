"""How a name is disguised. Each takes a name and dice, and gives the surface to put into a text."""

from __future__ import annotations

import random
from collections.abc import Callable

_LEET = str.maketrans("aeiost", "4310$7")
_LOOKALIKE = str.maketrans("aeopcxyABEHKMOPCTX", "аеорсхуАВЕНКМОРСТХ")
_EMOJI = "🌹🔥✨🎤🎬🌙"


def _typo(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, max(2, len(name) - 2))
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


def _double(name: str, dice: random.Random) -> str:
    letters = [i for i, char in enumerate(name) if char.isalpha() and i]
    at = dice.choice(letters)
    return name[:at] + name[at] + name[at:]


def _censored(name: str, dice: random.Random) -> str:
    words = name.split()
    last = words[-1]
    return " ".join([*words[:-1], last[0] + "*" * max(2, len(last) - 2) + last[-1]])


def _emoji(name: str, dice: random.Random) -> str:
    return (
        name.replace(" ", f" {dice.choice(_EMOJI)} ") if " " in name else name[:2] + "✨" + name[2:]
    )


def _initials(name: str, dice: random.Random) -> str:
    return "".join(word[0].upper() for word in name.split())


def _initial_last(name: str, dice: random.Random) -> str:
    words = name.split()
    return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else name


SPELLINGS: dict[str, Callable[[str, random.Random], str]] = {
    "typo": _typo,
    "double": _double,
    "leet": lambda name, dice: name.translate(_LEET),
    "homoglyph": lambda name, dice: name.translate(_LOOKALIKE),
    "spaced": lambda name, dice: "   ".join(" ".join(word) for word in name.split()),
    "dotted": lambda name, dice: " ".join(".".join(word) + "." for word in name.split()),
    "slashed": lambda name, dice: " ".join("/".join(word) for word in name.split()),
    "joined": lambda name, dice: name.replace(" ", "").lower(),
    "under": lambda name, dice: name.replace(" ", "_"),
    "zerowidth": lambda name, dice: "\u200b".join(name),
    "reversed": lambda name, dice: name[::-1],
    "censored": _censored,
    "emoji": _emoji,
    "initials": _initials,
    "initial_last": _initial_last,
    "first": lambda name, dice: name.split()[0],
    "last": lambda name, dice: name.split()[-1],
}
