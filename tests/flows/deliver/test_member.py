from __future__ import annotations

import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.flows.deliver.member import hooks_of
from keepfit.integrations.hooks.file import FileHook
from keepfit.params.hooks import HookParams


def test_a_subscribers_hook_is_made_of_the_keys_beside_its_name():
    params = HookParams.model_validate({"subscribers": {"log": {"hook": "file", "path": "a.jsonl", "severity": "warning"}}})
    assert hooks_of(params) == {"log": FileHook(path="a.jsonl")}


@pytest.mark.parametrize(
    ("its", "error", "sentence"),
    [
        ({"hook": "fiel"}, UnknownNameError, "no hook 'fiel'"),
        ({"hook": "file"}, ParamsError, "needs the key 'path'"),
        ({"hook": "file", "path": "a", "pth": "b"}, ParamsError, "no key 'pth'"),
        ({"hook": "file", "path": 3}, ParamsError, "path"),
    ],
)
def test_one_that_cannot_be_made_is_a_sentence_with_its_place(its, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        hooks_of(HookParams.model_validate({"subscribers": {"log": its}}))
    assert "hooks.subscribers.log" in str(caught.value)
