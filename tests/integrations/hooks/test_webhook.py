"""The hook `webhook` against a real receiver on this machine."""

from __future__ import annotations

import re
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.flows.deliver.messages import EVIL, NOW, around, evil, message
from tests.receiver import receiver

from keepfit.errors import ParamsError
from keepfit.flows.deliver.member import hook_of
from keepfit.hooks import HookError
from keepfit.integrations.hooks import webhook as webhook_module
from keepfit.integrations.hooks.webhook import WebhookHook
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Message, canonical, from_json

SECRET = "0123456789abcdef0123456789abcdef"
OPERATE = Path(__file__).resolve().parents[3] / "docs" / "operate.md"


def hook(url, **fields):
    return WebhookHook(**({"url": url, "allow": ("localhost",), "connect_seconds": 5, "read_seconds": 5, "seconds": 15} | fields))


def refused(its, root, sent=None, **environment):
    with pytest.raises(HookError) as caught:
        its.deliver(sent or message(), around=around(root, **environment))
    return caught.value


def test_a_receiver_gets_the_message_as_json_with_its_key(tmp_path):
    with receiver() as there:
        said = hook(f"{there.url}/in?team=ml#part").deliver(message(), around=around(tmp_path))
        assert said == f"taken by http://localhost:{there.port} (200)"
        [got] = there.got
    assert got.body == canonical(message())
    assert got.path == "/in?team=ml"
    assert got.headers["idempotency-key"] == message().key
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"localhost:{there.port}"
    assert "keepfit-signature" not in got.headers


def test_names_that_would_be_headers_arrive_as_text(tmp_path):
    with receiver() as there:
        hook(there.url).deliver(evil(), around=around(tmp_path))
        [got] = there.got
    assert from_json(Message, got.body) == evil()
    assert "bcc" not in got.headers
    assert re.fullmatch(r"[!-~]{1,200}", got.headers["idempotency-key"])


def test_the_receivers_code_of_the_page_takes_what_was_sent_and_nothing_else(tmp_path):
    [code] = [
        text for text in re.findall(r"^```python\n(.*?)^```", OPERATE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE) if "def sent_by_keepfit" in text
    ]
    page: dict = {}
    exec(code, page)
    with receiver() as there:
        hook(there.url, secret_env="PAGER_SECRET").deliver(evil(), around=around(tmp_path, PAGER_SECRET=SECRET))
        [got] = there.got
    now, genuine = NOW.replace(tzinfo=UTC).timestamp(), page["sent_by_keepfit"]
    headers = {name.title(): value for name, value in got.headers.items()}
    assert genuine(got.body, headers, SECRET, now=now + 299)
    assert not genuine(got.body, headers, SECRET, now=now + 301)
    assert not genuine(got.body, headers, SECRET[::-1], now=now)
    assert not genuine(got.body + b" ", headers, SECRET, now=now)
    assert not genuine(got.body, headers | {"Keepfit-Timestamp": str(int(now) + 1)}, SECRET, now=now)
    assert not genuine(got.body, {}, SECRET, now=now)


@pytest.mark.parametrize(("variable", "says"), [({}, "PAGER_SECRET is not set"), ({"PAGER_SECRET": "short"}, "can be guessed")])
def test_a_secret_that_is_missing_or_weak_sends_nothing(tmp_path, variable, says):
    with receiver() as there:
        found = refused(hook(there.url, secret_env="PAGER_SECRET"), tmp_path, **variable)
        assert (found.again, there.got) == (False, [])
    assert says in found.what


def test_an_address_with_a_password_comes_from_the_environment_and_is_not_shown(tmp_path):
    with receiver() as there:
        its = hook(None, url_env="PAGER_URL", headers_env={"X-Token": "PAGER_TOKEN"}, headers={"X-Team": "ml"})
        url = "http://me" + f":hunter2%21@localhost:{there.port}/hunter2"
        assert "hunter2" not in its.deliver(message(), around=around(tmp_path, PAGER_URL=url, PAGER_TOKEN="t"))
        there.way = "400"
        found = refused(its, tmp_path, PAGER_URL=url, PAGER_TOKEN="t")
        [got] = there.got
    assert "hunter2" not in str(found)
    assert (got.headers["authorization"], got.headers["x-token"], got.headers["x-team"]) == ("Basic bWU6aHVudGVyMiE=", "t", "ml")
    assert got.path == "/hunter2"


@pytest.mark.parametrize(
    "url", ["ftp://hunter2/", "hunter2", "http://a b/hunter2", "http://hunter2:99999/", "http://[hunter2/", "http:///hunter2", "http://x\\@hunter2/"]
)
def test_what_is_no_address_is_a_sentence_that_does_not_repeat_it(tmp_path, url):
    found = refused(hook(None, url_env="PAGER_URL"), tmp_path, PAGER_URL=url)
    assert not found.again
    assert "PAGER_URL holds no address to send to" in found.what
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "either url or url_env"),
        ({"url": "http://a/", "url_env": "A"}, "either url or url_env"),
        ({"url": "a.org/in"}, "begins with https"),
        ({"url": "http://a/", "headers": {"X-A\r\nBcc": "b"}}, "no name of a header"),
        ({"url": "http://a/", "headers": {"Host": "b"}}, "no name of a header"),
        ({"url": "http://a/", "headers": {"keepfit-signature": "b"}}, "no name of a header"),
        ({"url": "http://a/", "headers": {"X-A": "b\r\nBcc: all"}}, "one line of ASCII"),
        ({"url": "http://a/", "headers_env": {"Content-Length": "B"}}, "no name of a header"),
        ({"url": "http://a/", "seconds": 0}, "seconds"),
        ({"url": "http://a/", "allow": ["10.0.0.0/33"]}, "neither the name of a host"),
        ({"url": "http://a/", "allow": ["http://bot.corp/"]}, "neither the name of a host"),
        ({"url": "http://a/", "allow": ["*"]}, "neither the name of a host"),
        ({"url": "http://a/", "allow": ["10.0.0"]}, "neither the name of a host"),
        ({"url": "https://me@a.org/"}, "write url_env"),
    ],
)
def test_params_that_could_never_send_are_refused(fields, says):
    with pytest.raises((ParamsError, ValueError), match=says):
        hook_of("pager", SubscriberParams(hook="webhook", **fields))


def test_a_header_of_the_environment_that_would_be_two_sends_nothing(tmp_path):
    with receiver() as there:
        found = refused(hook(there.url, headers_env={"X-A": "PAGER_A"}), tmp_path, PAGER_A=EVIL)
        assert (found.again, there.got) == (False, [])
    assert "PAGER_A" in str(found)


@pytest.mark.parametrize(
    ("way", "again", "says"),
    [
        ("500", True, "it answered 500: it is 500 [31m"),
        ("503", True, "it answered 503"),
        ("408", True, "it answered 408"),
        ("425", True, "it answered 425"),
        ("429", True, "it answered 429"),
        ("400", False, "it answered 400"),
        ("404", False, "it answered 404"),
        ("410", False, "it answered 410"),
        ("301", False, "a redirect, which is not followed"),
        ("close while sent", True, None),
        ("close in the head", True, "its answer is no HTTP"),
        ("nonsense", True, "its answer is no HTTP"),
        ("endless", False, "it answered 400: aaa"),
    ],
)
def test_what_a_receiver_answers_says_if_it_is_tried_again(tmp_path, way, again, says):
    with receiver(way=way, headers={"Location": "http://169.254.169.254/"}) as there:
        found = refused(hook(there.url), tmp_path)
        assert there.got == []
    assert found.again is again
    assert says is None or says in found.what
    assert len(str(found)) < 500


def test_an_answer_that_is_cut_after_its_status_was_taken(tmp_path):
    with receiver(way="close in the body") as there:
        assert "(200)" in hook(there.url).deliver(message(), around=around(tmp_path))


@pytest.mark.parametrize(
    ("way", "fields"), [("hang", {"read_seconds": 0.2}), ("late", {"read_seconds": 0.2}), ("drip", {"seconds": 0.4}), ("hang", {"seconds": 0.2})]
)
def test_one_that_hangs_drips_or_is_late_is_left_and_tried_again(tmp_path, way, fields):
    with receiver(way=way) as there:
        start = time.monotonic()
        found = refused(hook(there.url, **fields), tmp_path)
        assert time.monotonic() - start < 10
    assert found.again
    assert "did not answer within" in found.what


def test_one_that_is_down_is_tried_again(tmp_path):
    with receiver() as there:
        pass
    found = refused(hook(there.url), tmp_path)
    assert found.again
    assert "Connection refused" in found.what


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 01 Mar 2026 03:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 02:00:00 GMT", 0.0),
        ("999999999999999999999", 86_400.0),
        ("-3", None),
        ("٣", None),
        ("soon", None),
    ],
)
def test_retry_after_is_passed_on(tmp_path, text, seconds):
    assert webhook_module._after(text, NOW) == seconds
    if text.isascii():
        with receiver(way="429", headers={"Retry-After": text}) as there:
            assert refused(hook(there.url), tmp_path).after == seconds


def test_a_proxy_of_the_environment_is_not_used(tmp_path, monkeypatch):
    with receiver() as proxy, receiver() as there:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        hook(there.url).deliver(message(), around=around(tmp_path, http_proxy=proxy.url))
        assert (len(proxy.got), len(there.got)) == (0, 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate of `localhost` that it signed itself, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    plain = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    dated = plain.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = dated.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_https_goes_by_the_name_and_by_who_is_trusted(tmp_path, certificate):
    trusted = {"SSL_CERT_FILE": str(certificate)}
    with receiver(certificate=certificate) as there:
        assert "taken by https" in hook(there.url).deliver(message(), around=around(tmp_path, **trusted))
        assert "its certificate is not good" in refused(hook(there.url), tmp_path).what
        by_number = hook(there.url.replace("localhost", "127.0.0.1"), allow=("127.0.0.1",))
        assert "its certificate is not good" in refused(by_number, tmp_path, **trusted).what
        assert len(there.got) == 1


def test_a_handshake_that_never_ends_is_left(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://localhost:{mute.getsockname()[1]}"
        start = time.monotonic()
        found = refused(hook(url, seconds=0.3), tmp_path)
    assert time.monotonic() - start < 10
    assert (found.again, found.what) == (True, "it did not answer within 0.3 seconds")
