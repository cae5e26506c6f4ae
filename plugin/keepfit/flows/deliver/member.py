"""The hook that a subscriber names, with its fields."""

from __future__ import annotations

from collections.abc import Mapping

from keepfit import plugins
from keepfit.hooks import Hook
from keepfit.params.hooks import HookParams, SubscriberParams


def hooks_of(params: HookParams) -> Mapping[str, Hook]:
    """Return each subscriber's hook by the subscriber's name; raises `UnknownNameError` or `ParamsError` for the first that cannot be made."""
    return {name: hook_of(name, its) for name, its in params.subscribers.items()}


def hook_of(name: str, its: SubscriberParams) -> Hook:
    """Return one subscriber's hook; raises `UnknownNameError` or `ParamsError`, with the place in params.yaml."""
    where = f"params.yaml: hooks.subscribers.{name}"
    made: Hook = plugins.make("hooks", its.hook, its.fields, where=f"{where}.hook", beside=SubscriberParams.model_fields, section=where)
    return made
