from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import ParamsError
from keepfit.params.secrets import refuse_secrets, secret_in
from keepfit.plugins import read_params

HOLDS = [
    {"url": "https://bot" + ":hunter2@example.org/in"},
    {"url": "https://hunter2@example.org/in"},
    {"url": "https://example.org/in?access_token=hunter2"},
    {"url": "https://example.org/in?code=hunter2"},
    {"url": "https://hooks.example.org/services/T02AB/B03CD/hunter2hunter2Hunter2"},
    {"url": "https://example.org/webhook/0fb8ae39-4a1c-4d3c-9c1c-hunter2"},
    {"token": "hunter2"},
    {"api_key": "hunter2"},
    {"headers": {"Authorization": "Bearer hunter2"}},
    {"headers": {"X-Kind": "ghp_hunter2"}},
    {"headers": {"X-Api-Key": "hunter2"}},
    {"command": ["curl", "https://me" + ":hunter2@example.org/"]},
    {"url_env": "https://example.org/hunter2"},
    {"token_env": "ghp_hunter2"},
    {"headers_env": {"Authorization": "Bearer hunter2"}},
    {"headers_env": {"Authorization": ["hunter2\n"]}},
]
FINE = [
    {"url": "https://example.org/hooks/keepfit-of-the-flights-team/v2"},
    {"url": "http://10.0.0.7:8080/in?team=ml&priority=2026"},
    {"url_env": "PAGER_URL", "headers_env": {"Authorization": "PAGER_AUTH"}},
    {"command": ["./page.sh", "--team", "ml", "$(date)"], "path": "logs/2026-11-30/keepfit.jsonl"},
    {"token_env": None, "seconds": 3},
    {"url": "https://[broken"},
]


@pytest.mark.parametrize("fields", HOLDS, ids=str)
def test_what_looks_like_a_secret_is_refused_and_not_repeated(fields):
    with pytest.raises(ValueError, match="environment variable") as caught:
        refuse_secrets(fields)
    assert "hunter2" not in str(caught.value).lower()


@pytest.mark.parametrize("fields", FINE, ids=str)
def test_what_does_not_passes(fields):
    refuse_secrets(fields)


@given(st.text())
def test_any_text_is_an_answer(text):
    assert secret_in(text) in (None, "a token", "a user or a password in an address", "a random part of an address") or "in an address" in str(secret_in(text))


@pytest.mark.parametrize("fields", ["url: 'https://hunter2@example.org/'", "path: a, url_env: 'https://example.org/hunter2'"])
def test_params_with_a_secret_are_refused_where_they_are_read(fields):
    text = f"model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t}}\nhooks: {{subscribers: {{pager: {{hook: file, {fields}}}}}}}"
    with pytest.raises(ParamsError, match="environment variable") as caught:
        read_params(text)
    assert "hooks.subscribers.pager" in str(caught.value)
    assert "hunter2" not in str(caught.value)
