"""Names in messages: whoever calls may choose one, and a chat makes links, mentions and bold words of what it finds.

So the signs that do that are exchanged for others that look the same, one for one; a name stays as easy to read.
"""

from __future__ import annotations

import re

_SIGNS = str.maketrans({
    "@": "\uff20", "#": "\uff03", "<": "\u2039", ">": "\u203a", "[": "\uff3b", "]": "\uff3d", "*": "\u2217",
    "_": "\uff3f", "~": "\u223c", "`": "\u02cb", "|": "\u2223", "\\": "\u2216", "\ufe6b": "\uff20",
})  # fmt: skip
# A dot with something behind it (evil.test, www.x), a colon before a slash, a word behind a slash (a bot's command),
# a sign of HTML.
_DOT = re.compile(r"[.\u3002\uff0e\uff61](?=[^\s.,;:!?)»”\"'])")
_COLON = re.compile(r":(?=[/\u2216])")
_COMMAND = re.compile(r"(?<!\w)/(?=\w)")
_ENTITY = re.compile(r"&(?=[#\uff03]?\w+;)")


def defused(name: str) -> str:
    """`<b>@all</b> http://evil.test` -> `‹b›＠all‹/b› http∶/∕evil․test`; `Anna M.` and `O'Reilly` stay as they are."""
    name = _DOT.sub("\u2024", name.translate(_SIGNS))
    name = _COMMAND.sub("\u2215", _COLON.sub("\u2236", name))
    return _ENTITY.sub("\uff06", name)
