from __future__ import annotations

import getpass

from keepfit.integrations.mlflow.people import gone, who_asks


def test_in_process_the_account_asks():
    assert who_asks() == (getpass.getuser(), "client")


def test_an_account_without_a_name_is_anonymous(monkeypatch):
    def nobody():
        raise KeyError("uid")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert who_asks() == ("anonymous", "client")


def test_outside_of_a_server_no_account_is_known_to_be_gone():
    assert gone(["ann", "bob"]) == frozenset()
