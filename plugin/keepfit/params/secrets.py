"""A secret in `params.yaml`, which is in git for ever: found by its look, and refused; what is written instead is the name of an environment variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

ENV = "_env"
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
NAMED = re.compile(r"(?:^|[_-])(?:token|secret|passw(?:or)?d|api[_-]?key|apikey|access[_-]?key|credentials?|authorization)$", re.IGNORECASE)
GIVEN = re.compile(r"token|secret|passw|key|sig|auth|code", re.IGNORECASE)
"""Names of what is behind the question mark of an address that opens a door."""
PREFIXES = ("ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xapp-", "sk-", "AKIA", "AIza", "Bearer ", "Basic ", "-----BEGIN")
"""How the tokens of well-known services begin."""
RANDOM = re.compile(r"[A-Za-z0-9_-]{20,}")
WORDS = re.compile(r"[0-9]*[a-z]*|[0-9]*[A-Z]*")


def refuse_secrets(fields: Mapping[str, object]) -> None:
    """Raise `ValueError` for the first value that looks like a secret, and for a key that ends in `_env` and holds no name of a variable.

    The sentence never holds the value. A secret that looks like a word is not found.

    >>> refuse_secrets({"url": "https://example.org/hooks/keepfit", "secret_env": "PAGER_SECRET"})
    >>> refuse_secrets({"url": "https://pass@example.org/"})
    Traceback (most recent call last):
    ValueError: 'url' holds a secret (a user or a password in an address): write url_env and the name of an environment variable that has it
    """
    for key, value in fields.items():
        if key.endswith(ENV):
            _refuse_values(key, value)
            continue
        found = next((why for text in _texts(value) if (why := secret_in(text))), None)
        if found is None and any(NAMED.search(name) for name in _named(key, value)):
            found = "by its name"
        if found is not None:
            raise ValueError(f"{key!r} holds a secret ({found}): write {key}{ENV} and the name of an environment variable that has it")


def secret_in(text: str) -> str | None:
    """Return what in a text looks like a secret, None if nothing does.

    >>> secret_in("https://hooks.example.org/services/T02AB/B03CD/aB3dE5fG7hI9jK1lM3nO5p")
    'a random part of an address'
    >>> secret_in("https://example.org/a?token=1"), secret_in("ghp_16C7e42F292c6912E7710c838347Ae178B4a"), secret_in("./page.sh")
    ("'token' in an address", 'a token', None)
    """
    if text.strip().startswith(PREFIXES):
        return "a token"
    if "://" not in text:
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None  # no address: who uses it says so
    if "@" in parts.netloc:
        return "a user or a password in an address"
    if parts.query and (named := next((name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if GIVEN.search(name)), None)):
        return f"{named[:20]!r} in an address"
    return "a random part of an address" if any(_random(part) for part in re.split(r"[/?&=#;:]", parts.path + "/" + parts.query)) else None


def _refuse_values(key: str, value: object) -> None:
    for text in _texts(value):
        if not VARIABLE.fullmatch(text) or secret_in(text):
            raise ValueError(f"{key!r} is the name of an environment variable (PAGER_URL), not what it holds")


def _named(key: str, value: object) -> Iterator[str]:
    """The keys of texts, of a map below as well."""
    if isinstance(value, Mapping):
        yield from (str(name) for name, each in value.items() if any(_texts(each)))
    elif any(_texts(value)):
        yield key


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _random(part: str) -> bool:
    """Twenty characters or more in which letters and digits are mixed: no name that a person gave."""
    return bool(RANDOM.fullmatch(part)) and any(one.isdigit() for one in part) and not all(WORDS.fullmatch(word) for word in re.split("[-_]", part))
