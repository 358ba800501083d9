"""Misspells names as hurried typists do, the same way each time: for tables of names that must still be found."""

from __future__ import annotations

import random

# Neighbours of each letter on a QWERTY keyboard, in its own row and in those above and below.
_NEIGHBOURS = {
    "a": "qwsz", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb",
    "i": "ujko", "j": "huikmn", "k": "jiolm", "l": "kop", "m": "njk", "n": "bhjm", "o": "iklp", "p": "ol", "q": "wa",
    "r": "edft", "s": "awedxz", "t": "rfgy", "u": "yhji", "v": "cfgb", "w": "qase", "x": "zsdc", "y": "tghu", "z": "asx",
}  # fmt: skip
# From this number of letters on, a name gets two slips.
_LONG = 12


def misspelt(name: str, seed: int) -> str:
    """Returns a name with one slip, or two if it is long.

    A slip leaves a letter out, doubles it, swaps it with the next one, or hits the key beside it. Digits stay: with
    another digit a name is another name. The first letter stays in two of three slips, as in what people type.
    """
    chance = random.Random(seed)
    typed = name
    for _ in range(2 if sum(map(str.isalpha, name)) >= _LONG else 1):
        before = typed
        while typed in (before, name):
            typed = _slip(before, chance)
    return typed


def _slip(name: str, chance: random.Random) -> str:
    letters = [place for place, letter in enumerate(name) if letter.casefold() in _NEIGHBOURS]
    place = chance.choice(letters)
    if place == letters[0] and chance.random() < 2 / 3:
        place = chance.choice(letters[1:])
    start, letter, end = name[:place], name[place], name[place + 1 :]
    kind = chance.choice(("omit", "double", "swap", "replace"))
    if kind == "omit":
        return start + end
    if kind == "double":
        return start + letter + letter + end
    if kind == "swap":
        return start + end[0] + letter + end[1:] if end and end[0].isalpha() else name
    return start + chance.choice(_NEIGHBOURS[letter.casefold()]) + end
