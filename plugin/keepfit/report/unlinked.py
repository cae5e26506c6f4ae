"""Markdown in which no value makes a forge call people or link things: `@name`, `#12`, `!12`, `~label`, `http://…`, `:tada:`.

GitHub and GitLab look for these in the text after Markdown was read, so neither a backslash nor an entity keeps them from it. What follows the mark is parted
from it by a character that has no width. Blocks and spans of code, and the targets of links that a page wrote itself, are left as they are: nothing is looked
for there. Blind to what a forge invents later.
"""

from __future__ import annotations

import re

APART = "&#8203;"
_CODE_OR_TARGET = r"(?P<kept>^(?P<fence>`{3,})[^\n]*\n.*?^(?P=fence)`*[ ]*$|(?<![\\`])(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)|\]\([^)\s]*\))"
_MARK = r"""(?P<mark>
    [@~] | (?<!&)\#(?=\d) | !(?=\d) | &amp;(?=\d) | &\#36;(?=\d) | (?<!\S)%(?=\S) | \b(?:GH|gh)-(?=\d) | :(?=//) | (?<![\w:]):(?=[a-z0-9_+-]*[a-z][a-z0-9_+-]*:)
)"""
_FOUND = re.compile(f"{_CODE_OR_TARGET}|{_MARK}", re.MULTILINE | re.DOTALL | re.VERBOSE)


def unlinked(markdown: str) -> str:
    """Return the Markdown with its marks parted from what follows them.

    >>> print(unlinked("by @octocat for #12, `@kept`"))
    by @&#8203;octocat for #&#8203;12, `@kept`
    """
    return _FOUND.sub(lambda found: found["kept"] if found["kept"] is not None else f"{found['mark']}{APART}", markdown)
