"""The hook `notify`: real mail to a server on this machine, and a service of Apprise's over HTTP."""

from __future__ import annotations

import sys

import pytest
from tests.flows.deliver.messages import around, event, evil, message
from tests.mail_server import mail_server
from tests.receiver import receiver

from keepfit.errors import ParamsError
from keepfit.flows.deliver.member import hook_of
from keepfit.hooks import HookError
from keepfit.integrations.hooks.notify import NotifyHook
from keepfit.params.hooks import SubscriberParams

HOOK = NotifyHook(url_env="ONCALL")
LINES = "\n".join(f"line {number} of <b>ten</b> & {{{{ 7 * 7 }}}} $(x) \\n" for number in range(1, 11))


@pytest.fixture(scope="module")
def box():
    with mail_server() as there:
        yield there


@pytest.fixture
def address(box):
    box.got.clear()
    box.down = False
    return f"mailto://127.0.0.1:{box.port}?from=keepfit@example.org&to=oncall@example.org"


def refused(address, root, sent=None):
    with pytest.raises(HookError) as caught:
        HOOK.deliver(sent or message(), around=around(root, ONCALL=address))
    return caught.value


def test_a_mail_arrives_with_the_title_and_the_ten_lines_as_they_are(box, address, tmp_path):
    assert HOOK.deliver(message(text=LINES), around=around(tmp_path, ONCALL=address)) == "sent by E-Mail"
    [(to, mail)] = box.got
    assert to == ["oncall@example.org"]
    assert (mail["Subject"], mail["To"]) == ("flights: AUC fell", "oncall@example.org")
    assert mail.get_content().splitlines() == LINES.splitlines()


def test_a_title_with_lines_is_one_header_and_reaches_nobody_else(box, address, tmp_path):
    HOOK.deliver(evil(), around=around(tmp_path, ONCALL=address))
    [(to, mail)] = box.got
    assert to == ["oncall@example.org"]
    assert "Bcc" not in mail
    assert mail["Subject"].startswith("x'\" Bcc: all@example.org $(touch pwned)")
    assert not (tmp_path / "pwned").exists()


def test_an_empty_text_is_the_title(box, address, tmp_path):
    HOOK.deliver(message(text=" \n"), around=around(tmp_path, ONCALL=address))
    assert box.got[0][1].get_content().strip() == "flights: AUC fell"


def test_a_mail_server_that_refuses_for_now_is_tried_again(box, address, tmp_path):
    box.down = True
    found = refused(address, tmp_path)
    assert found.again
    assert found.what.startswith("it did not take the message: ")
    box.down = False
    assert HOOK.deliver(message(attempt=2), around=around(tmp_path, ONCALL=address)) == "sent by E-Mail"


def test_no_part_of_the_address_is_said(tmp_path):
    found = refused("mailto://hunter2:swordfish@127.0.0.1:9?from=keepfit@example.org&to=oncall@example.org", tmp_path)
    assert found.again
    assert not {"hunter2", "swordfish"} & set(str(found).replace('"', " ").replace(":", " ").split())
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(("severity", "kind"), [("critical", "failure"), ("warning", "warning"), ("info", "info"), (None, "info")])
def test_a_service_is_told_how_grave_it_is(tmp_path, severity, kind):
    with receiver() as there:
        HOOK.deliver(message(event(severity="info"), event(severity=severity)), around=around(tmp_path, ONCALL=f"json://127.0.0.1:{there.port}/"))
        [got] = there.got
    assert (got.message["type"], got.message["title"], got.message["message"]) == (kind, "flights: AUC fell", "AUC fell")


@pytest.mark.parametrize(("way", "says"), [("500", "error=500"), ("close while sent", "Connection")])
def test_a_service_that_does_not_take_it_is_a_failure_though_the_result_is_an_object(tmp_path, way, says):
    with receiver(way=way) as there:
        found = refused(f"json://127.0.0.1:{there.port}/", tmp_path)
    assert found.again
    assert says in found.what


def test_one_that_hangs_is_left(tmp_path):
    hook = NotifyHook(url_env="ONCALL", seconds=0.3)
    with receiver(way="hang") as there, pytest.raises(HookError, match=r"did not take the message within 0\.3 seconds") as caught:
        hook.deliver(message(), around=around(tmp_path, ONCALL=f"json://127.0.0.1:{there.port}/"))
    assert caught.value.again


@pytest.mark.parametrize("address", ["hunter2", "nosuch://hunter2", "json://hunter2, json://localhost", "mailto://"])
def test_what_is_not_one_address_is_a_sentence_that_does_not_repeat_it(tmp_path, address):
    found = refused(address, tmp_path)
    assert not found.again
    assert found.what == "ONCALL does not hold one Apprise address"
    assert "hunter2" not in str(found)


def test_without_the_variable_or_the_library_it_says_so(tmp_path, monkeypatch):
    assert refused("", tmp_path).what == "ONCALL is not set in the environment"
    monkeypatch.setitem(sys.modules, "apprise", None)
    found = refused("json://localhost", tmp_path)
    assert (found.again, found.fix) == (False, "pip install 'keepfit[notify]'")


@pytest.mark.parametrize(
    "fields", [{}, {"url": "mailto://me:hunter2@example.org"}, {"url_env": "mailto://me:hunter2@example.org"}, {"url_env": "A", "seconds": 0}]
)
def test_params_that_cannot_be_are_refused(fields):
    with pytest.raises((ParamsError, ValueError)) as caught:
        hook_of("mail", SubscriberParams(hook="notify", **fields))
    assert "hunter2" not in str(caught.value).partition("[type=")[0]
