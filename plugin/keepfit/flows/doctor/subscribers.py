"""`keepfit doctor`: those who subscribed: can their hooks be made here, and is what these take from the environment there?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec

from keepfit import plugins
from keepfit.errors import KeepfitError
from keepfit.flows.deliver.member import hook_of
from keepfit.flows.project import Project
from keepfit.report.doctor import Check


def examine(project: Project | None) -> Iterator[Check]:
    """Yield what is to be said of `hooks.subscribers`; nothing without a project or a subscriber. Nobody is called."""
    if project is None:
        return
    try:
        subscribers = project.params.hooks.subscribers
    except KeepfitError:
        return  # the project's other checks say what is wrong with params.yaml
    wrong = [check for name in subscribers if (check := _looked_at(project, name)) is not None]
    yield from wrong
    if len(wrong) < len(subscribers):
        good = [name for name in subscribers if f"subscriber {name}" not in {check.name for check in wrong}]
        yield Check(name="subscribers", status="ok", found=f"{', '.join(good[:5])}{' …' if len(good) > 5 else ''} can be called from here")


def _looked_at(project: Project, name: str) -> Check | None:
    """What keeps this subscriber from being called, None if nothing is known to."""
    its, called = project.params.hooks.subscribers[name], f"subscriber {name}"
    try:
        hook = hook_of(name, its)
    except KeepfitError as bad:
        return Check(name=called, status="fail", found=f"its hook cannot be made: {bad.what}", fix=bad.fix or "look at params.yaml: hooks.subscribers")
    missing = [variable for variable in variables_of(hook) if not os.environ.get(variable)]
    if missing:
        fix = f"set it where keepfit hooks run runs; keepfit hooks send {name} tries it"
        return Check(name=called, status="warn", found=f"{', '.join(missing[:5])} not set in this environment", fix=fix)
    if its.hook == "notify" and find_spec("apprise") is None:
        return Check(name=called, status="fail", found="Apprise is not installed", fix="pip install 'keepfit[notify]'")
    return None


def variables_of(hook: object) -> tuple[str, ...]:
    """Return the environment variables that a hook's fields name.

    >>> from keepfit.flows.deliver.command import CommandHook
    >>> variables_of(CommandHook(command=("./page.sh",), pass_env=("PAGER_KEY",)))
    ('PAGER_KEY',)
    """
    values = [value for key, value in plugins.fields_of(hook).items() if key.endswith("_env") and value]
    return tuple(str(each) for value in values for each in ([value] if isinstance(value, str) else value.values() if isinstance(value, Mapping) else value))
