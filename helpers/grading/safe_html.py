"""HTML of students' cut down to what can be shown to others: text, tables, and pictures inside it."""

from __future__ import annotations

import re
from collections import Counter

import bleach  # type: ignore[import-untyped]

_WORDS = "a abbr b br code del em i ins kbd mark s samp small span strong sub sup u var"
_BLOCKS = "blockquote dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p pre ul"
_TABLES = "caption col colgroup table tbody td tfoot th thead tr"
_TAGS = frozenset(" ".join((_WORDS, _BLOCKS, _TABLES)).split())
_ATTRIBUTES = frozenset({"title", "alt", "colspan", "rowspan", "scope", "start"})
_PICTURES = tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "gif", "svg+xml"))
_PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
_NOT_FOR_READING = (
    "iframe",
    "math",
    "noscript",
    "object",
    "script",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
)
_PICTURE = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_NEVER_CLOSED = frozenset({"br", "col", "hr", "img"})
_LONGEST = 30_000  # letters, pictures not counted; html5lib's time grows with the square of a page's length
_DEEPEST = 100  # and of its depth


def safe_html(source: str) -> str:
    """The same without what runs, without what is fetched from elsewhere, and without styles.

    Links to web pages stay, for whoever follows them; pictures stay where the HTML holds them itself. Of what
    nobody could read, as long or as deeply nested as it is, nothing stays.
    """
    # That some elements go with all that is in them is tidiness; safety is what comes after it.
    readable = source
    for name in _NOT_FOR_READING:
        readable = _without(name, readable)
    if len(_PICTURE.sub("", readable)) > _LONGEST or _depth(readable) > _DEEPEST:
        return ""
    return str(bleach.clean(readable, tags=_TAGS, attributes=_allowed, protocols=_PROTOCOLS, strip=True))


def _without(element: str, source: str) -> str:
    """Without the elements of a name and all that is in them; those that aren't closed stay."""
    closings = list(re.finditer(rf"</{element}\s*>", source, re.IGNORECASE))
    if not closings:
        return source
    end = closings[-1].end()  # behind it nothing would be found, at a cost that grows with the square
    whole = re.compile(rf"<{element}\b.*?</{element}\s*>", re.DOTALL | re.IGNORECASE)
    return whole.sub("", source[:end]) + source[end:]


def _depth(source: str) -> int:
    """How many elements are open at most, of whatever kind: a closing tag closes none of another kind."""
    opened: Counter[str] = Counter()
    deepest = depth = 0
    for closing, name in _TAG.findall(source.lower()):
        if not closing and name not in _NEVER_CLOSED:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif closing and opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and value.strip().startswith(_PICTURES)
    if name == "href":
        return tag == "a" and value.strip().startswith(("http:", "https:", "mailto:", "#"))
    return name in _ATTRIBUTES
