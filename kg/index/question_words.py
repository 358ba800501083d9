"""The words of a search text: which of them say what is sought, and how else they may be written."""

from __future__ import annotations

import re
import unicodedata

# Words that carry a sentence and not its subject. Whatever a claim may turn on (not, without, low, high) is not here.
_STOPS = """
a about am an and any are as at be been being but by can could did do does doing for from get gets getting
had has have having how i if in into is isn it its just like made make me much many my of on or our should so some
than that the their them then there these they this those to too us was way we were what when where which while
who whom why will with would you your yours i'm i've isn't aren't don't doesn't can't what's
"""
# An apostrophe inside a word joins its parts, as in ``words_of``.
STOP_WORDS = frozenset(_STOPS.replace("'", "").split())
# The most words of which a name that is recognised inside a text may consist.
MAX_NAME_WORDS = 6
# Letters by which inflected words are compared: fracture and fractured, arterial and arteries.
_STEM = 6
# Stems of words that mean the same in questions.
_SAME = {
    "calciu": "calcif",
    "cardio": "heart",
    "cardia": "heart",
    "clot": "clotti",
    "coagul": "clotti",
    "safely": "safe",
    "safety": "safe",
    "breaks": "fractu",
    "broken": "fractu",
    "enough": "need",
}
_BRITISH = re.compile(r"is(?=(?:e|ed|es|er|ing|ation)\b)")
_IRREGULAR = {"teeth": "tooth", "feet": "foot", "women": "woman", "men": "man", "children": "child", "leaves": "leaf"}


def normalise(text: str) -> str:
    """Returns the text in the form used for comparison: only letters and digits, without case or diacritics.

    ``MK-7``, ``mk 7`` and ``MK7`` become equal.
    """
    return "".join(filter(str.isalnum, fold(text)))


def fold(text: str) -> str:
    """Returns the text without case and diacritics, American and British spelling unified."""
    plain = text.casefold()
    # Builds fold every name and description; nearly all of them are plain ASCII.
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _BRITISH.sub("iz", plain.replace("ae", "e").replace("oe", "e"))


def words_of(text: str) -> list[str]:
    """Returns the words of a folded text; an apostrophe inside a word joins its parts."""
    return [re.sub("['’]", "", word) for word in re.findall(r"\w+(?:['’]\w+)*", text)]


def content_words(words: list[str]) -> list[str]:
    """Returns the words without stop words; all of them if they are nothing but stop words."""
    return [word for word in words if word not in STOP_WORDS] or words


def singular(word: str) -> str:
    """Returns the likely singular of an English word, or the word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "xes", "sses", "toes")) else word[:-1]


def spans(words: list[str]) -> list[tuple[int, int, str]]:
    """Returns every run of words that may be a name: first word, word after the last one, normalised text.

    A run is also given with its last word in the singular, and as a plain name.
    """
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MAX_NAME_WORDS) + 1):
            run = words[start:end]
            if run[0] in STOP_WORDS or run[-1] in STOP_WORDS:
                continue
            keys = ("".join(run), "".join([*run[:-1], singular(run[-1])]), plain(run))
            found += [(start, end, key) for key in dict.fromkeys(keys)]
    return found


def plain(words: list[str]) -> str:
    """Returns some words joined, in the singular and without stop words: how a name is found however it is worded."""
    return "".join(singular(word) for word in content_words(words))


def stems(text: str) -> frozenset[str]:
    """Returns the words of a text that carry meaning, shortened so that inflected words are equal."""
    words = content_words(words_of(fold(text)))
    return frozenset(stem(word) for word in words)


def stem(word: str) -> str:
    """Returns a word in the singular, with y as i, cut to a few letters; words that mean the same have one stem."""
    single = singular(word)
    short = (single[:-1] + "i" if single.endswith("y") else single)[:_STEM]
    return _SAME.get(short, short)
