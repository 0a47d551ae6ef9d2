"""Answers that are nearly the same, whatever their names, comments and layout."""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

_LEAST_TOKENS = 40  # below that, right answers are alike of themselves
LEAST_SIMILARITY = 0.9
_MOST_TOKENS = 20_000
_LEFT_OUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.DEDENT,
}


@dataclass(frozen=True)
class Pair:
    """Two students whose answers are nearly the same. similarity: from 0 to 1, of what was compared."""

    first: str
    second: str
    similarity: float


def near_identical(answers: Mapping[str, str], most: int = 20) -> list[Pair]:
    """The most similar pairs of students, the most similar first; answers are Python source by student.

    Compared are sequences of tokens in which names that the student chose are numbered in the order in which
    they appear. The measure is 1 - (insertions and deletions) / (tokens of both).
    """
    from rapidfuzz.distance import Indel

    tokens = {student: normalised(source)[:_MOST_TOKENS] for student, source in answers.items()}
    long = {student: found for student, found in tokens.items() if len(found) >= _LEAST_TOKENS}
    pairs = []
    for first, second in combinations(sorted(long), 2):
        similarity = Indel.normalized_similarity(long[first], long[second], score_cutoff=LEAST_SIMILARITY)
        if similarity >= LEAST_SIMILARITY:
            pairs.append(Pair(first, second, float(similarity)))
    return sorted(pairs, key=lambda pair: -pair.similarity)[:most]


def normalised(source: str) -> list[str]:
    """The tokens of Python source without comments and layout; what isn't Python is taken word by word."""
    try:
        found = [
            (token.type, token.string)
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type not in _LEFT_OUT
        ]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return source.split()
    numbers: dict[str, str] = {}
    result = []
    for place, (kind, text) in enumerate(found):
        after_dot = place > 0 and found[place - 1][1] == "."
        if (
            kind == tokenize.NAME
            and not after_dot
            and not keyword.iskeyword(text)
            and not hasattr(builtins, text)
        ):
            text = numbers.setdefault(text, f"name{len(numbers)}")
        result.append(text)
    return result
