"""Whatever goes wrong below the Python interface is a `KeepfitError`: one sentence, where, and what to do, in Python's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from keepfit.errors import KeepfitError, unforeseen

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
OPTION = re.compile(r"--([a-z][a-z-]*)")
ENGINE = re.compile(r"--engine (\w+)")


def in_one_sentence(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let only `KeepfitError` out of a function; what a library raised is its cause. Options of the command line become arguments."""

    @wraps(function)
    def said(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return function(*given, **named)
        except KeepfitError as error:
            error.where, error.fix = _in_python(error.where), _in_python(error.fix)
            raise
        except ModuleNotFoundError as error:
            raise KeepfitError(f"{error.name} is not installed", fix="pip install 'keepfit[pipeline]'") from error
        except Exception as error:  # the last resort, as on the command line
            found = unforeseen(error)
            found.fix = "no input should lead here: the traceback shows where, please report it"
            raise found from error

    return said


def _in_python(text: str | None) -> str | None:
    """Name arguments as Python does.

    >>> _in_python("name the columns that matter with --columns"), _in_python("keepfit monitor --all")
    ('name the columns that matter with columns=', 'keepfit monitor --all')
    >>> _in_python("read by Spark: --engine spark")
    "read by Spark: engine='spark'"
    """
    if text is None or "keepfit " in text:
        return text
    return OPTION.sub(lambda found: f"{found[1].replace('-', '_')}=", ENGINE.sub(r"engine='\1'", text))
