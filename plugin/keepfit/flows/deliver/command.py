"""The hook `command`: a program of one's own, started without a shell, that reads the message as JSON on its stdin."""

from __future__ import annotations

import errno
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from keepfit.hooks import HookError, Surroundings
from keepfit.integrations.programs.given import Ended, give
from keepfit.records import Message, canonical

PASSED = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER")
"""What a program needs to find itself at home; nothing that opens a door."""
HOOK = "KEEPFIT_HOOK"
"""Set for the command: the subscriber's name. What only a person may ask keepfit for is refused where it is set."""
TEMPORARY = 75
USELESS: Mapping[int, str] = {64: "wrong usage", 65: "refused", 77: "not permitted", 78: "wrongly configured", 126: "not executable", 127: "not found"}
"""Exit codes (sysexits.h, and a shell's own) after which the same message would fare no better."""
FOR_NOW = (errno.EAGAIN, errno.ENOMEM, errno.ETXTBSY, errno.EMFILE, errno.ENFILE)
SHOWN_LINES = 3
LINE = 160


def argument_list(given: object) -> object:
    """Return a command as it is; raises `ValueError`, with what to write instead, for a text: nobody may take it for a shell's."""
    if isinstance(given, str):
        try:
            words = shlex.split(given)
        except ValueError:
            words = given.split()
        raise ValueError(f"a command is a list of arguments, no text for a shell: write [{', '.join(repr(word) for word in words[:8])}]")  # noqa: TRY004 - what pydantic takes
    if given in ([], ()):
        raise ValueError("a command names a program: [./page.sh]")
    return given


@dataclass(frozen=True, kw_only=True)
class CommandHook:
    """Run `command` in the project's folder for at most `seconds`; of the environment it sees a minimum, and the variables that `pass_env` names.

    Exit 0: taken. 75 (EX_TEMPFAIL), a signal, too late, or any code that is not known: tried again, as a receiver that is away looks like this, and
    most programs know no 75. 64, 65, 77, 78, 126, 127 (usage, refused, not permitted, configuration, not executable, not found): not tried again.
    It may run twice for one message, whose `key` is then the same. What leaves its process group (`setsid`) is not ended with it.
    """

    command: Annotated[tuple[str, ...], BeforeValidator(argument_list)]
    pass_env: tuple[str, ...] = ()
    seconds: Annotated[float, Field(gt=0)] = 30.0
    name: ClassVar[str] = "command"

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Run it and return the last line that it wrote, or that it ran; raises `HookError`."""
        words, text = self.command, canonical(message) + b"\n"
        try:
            ended = give(words, text, cwd=Path(around.root), env=self._environment(message, around.environment), seconds=self.seconds)
        except (OSError, ValueError) as bad:  # ValueError: a null byte
            said = getattr(bad, "strerror", None) or str(bad)
            again = getattr(bad, "errno", None) in FOR_NOW or not Path(around.root).is_dir()
            fix = "check its name and that it is executable; a path is relative to the project's folder"
            raise HookError(f"the command {words[0]!r} cannot be started: {said}", again=again, where=around.root, fix=fix) from bad
        if ended.code == 0 and not ended.late:
            return (_lines(ended.output)[-1:] or [f"{words[0]} ran"])[0]
        raise self._failed(ended)

    def _failed(self, ended: Ended) -> HookError:
        how = f"did not end within {self.seconds:g} seconds" if ended.late else f"was ended by signal {-ended.code}"
        if ended.code > 0 and not ended.late:
            known = "try later" if ended.code == TEMPORARY else USELESS.get(ended.code)
            how = f"ended with {ended.code}" + (f" ({known})" if known else "")
        said = " | ".join(_lines(ended.output)[-SHOWN_LINES:])
        again = ended.late or ended.code not in USELESS
        return HookError(f"the command {self.command[0]!r} {how}{f': {said}' if said else ''}", again=again, fix="run it by hand with a message on its stdin")

    def _environment(self, message: Message, ours: Mapping[str, str]) -> dict[str, str]:
        missing = [name for name in self.pass_env if name not in ours]
        if missing:
            raise HookError(f"{missing[0]} is not set in the environment", again=False, where=f"hooks.subscribers.{message.subscriber}", fix="export it")
        kept = {name: ours[name] for name in (*PASSED, *self.pass_env) if name in ours}
        path = os.pathsep.join([str(Path(sys.executable).parent), ours.get("PATH", os.defpath)])
        return {**kept, "PATH": path, HOOK: message.subscriber.replace("\0", "")}


def _lines(output: str) -> list[str]:
    """The lines that say something, as harmless text."""
    plain = ("".join(one if one.isprintable() else " " for one in line).strip() for line in output.splitlines())
    return [line[:LINE] for line in plain if line]
