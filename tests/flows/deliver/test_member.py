from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from keepfit import plugins
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.flows.deliver.member import hooks_of
from keepfit.integrations.hooks.file import FileHook
from keepfit.params.hooks import HookParams

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operate.md").read_text(encoding="utf-8")
EXAMPLES = [text for text in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE) if "subscribers:" in text]


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


def test_the_page_has_an_example_of_every_hook_and_each_can_be_made():
    made = [hook for text in EXAMPLES for hook in hooks_of(HookParams.model_validate(yaml.safe_load(text)["hooks"])).values()]
    named = {hook.name for hook in made}
    assert {name for name, target in plugins.BUILTIN["hooks"].items() if target.startswith("keepfit.")} - named == set()
