"""The gate as people meet it: two of them, logged in to MLflow's own pages; each picture is left in build/screenshots."""

from __future__ import annotations

import pytest
from tests.certificates import row
from tests.e2e.gate_server import PAUL, RITA, asks, logged_in, served_world
from tests.e2e.version_page import screenshot

pytestmark = [pytest.mark.slow, pytest.mark.browser]
EVIL = "flights-<img src=x onerror=document.title=7> **b** [x](y) $(id)"
SLICES = ("carrier=<img src=x onerror=document.title=7>", "carrier=[x](javascript:document.title=7)", "carrier=**b** | `c` <!-- /keepfit:verdict -->")
WORSE = {"champion": 0.7, "challenger": 0.68, "difference": -0.02, "low": -0.04, "high": -0.001}
RED = (
    row(status="fail", **WORSE),
    *(row("no_proof_of_harm", 0.05, "fail", name, **WORSE) for name in SLICES),
    row("no_proof_of_harm", 0.05, "undecided", "carrier=HA", **WORSE | {"high": 0.01, "n": 12, "detail": "about 900 rows would decide it"}),
)
WIDE = {"difference": 0.001, "low": -0.02, "high": 0.022, "detail": "about 9,000 labels would decide it, there are 900"}
FOREIGN = "img[src=x], [onerror], a[href^=javascript], a[href=y]"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with served_world(tmp_path_factory.mktemp("gate")) as made:
        yield made


@pytest.fixture(scope="module")
def third(world):
    """A model whose second version is champion after its first, and whose third is worse than it."""
    first = world.served("flights-red")
    second = world.served("flights-red", champion=first)
    return world.candidate("flights-red", champion=second, rows=RED)


def all_reasons_are_on_one_page(there):
    """The link in the description opens the run's artifact in MLflow's own viewer, in another tab."""
    with there.page.context.expect_page() as opened:
        there.verdict("Asked for by rita").get_by_role("link", name="All on one page").click()
    shown = opened.value.frame_locator("iframe")
    shown.get_by_role("heading", name="flights-red v3 as alias champion: refused").wait_for()
    screenshot(opened.value, "gate-3-all-on-one-page")
    words = shown.locator("body").inner_text()
    assert words.count("KF-G021") == 1 + len(SLICES)
    assert all(name in words for name in (*SLICES, "KF-G050", "carrier=HA", "about 900 rows would decide it", "Asked for by rita"))
    assert shown.locator(FOREIGN).count() == 0


def did_nothing(page):
    return page.locator(FOREIGN).count() == 0 and page.title() != "7"


# -- refused ------------------------------------------------------------------------------------------------------------


def test_a_refused_alias_is_explained_in_the_dialog_then_on_the_page_then_on_one_page_with_every_reason(world, third, browser):
    with logged_in(browser, world, RITA, "flights-red", third) as there:
        said = there.refused_in(there.set_champion())
        there.screenshot("gate-1-alias-refused")
        refused = "keepfit refused flights-red v3 as alias champion: [KF-G021] overall: overall roc_auc not_worse_than"
        assert said.startswith(f"{refused}: difference to the champion -0.02")
        assert said.endswith("more. All reasons: reload /#/models/flights-red/versions/3")
        assert len(said) <= 400
        there.reload()
        block = there.verdict("v3 was not made alias champion")
        there.screenshot("gate-2-alias-refused-reloaded")
        words = block.inner_text()
        assert words.startswith("keepfit gate: refused. v3 was not made alias champion; nothing has changed.")
        assert all(name in words for name in SLICES)
        assert "Asked for by rita on" in words
        assert "<!--" not in words.replace(SLICES[2], "")
        assert block.locator("table").count() == 2
        assert did_nothing(there.page)
        all_reasons_are_on_one_page(there)
    assert ("refused", third, "rita") in world.told("flights-red")


def test_a_refused_stage_is_a_toast_and_then_on_the_page(world, third, browser):
    with logged_in(browser, world, RITA, "flights-red", third) as there:
        there.to_production()
        said = there.refused_in(there.page.get_by_role("alert"))
        there.screenshot("gate-4-stage-refused")
        assert said.startswith("keepfit refused flights-red v3 as stage Production: [KF-G021]")
        there.reload()
        there.verdict("v3 was not moved to stage Production")
        there.screenshot("gate-5-stage-refused-reloaded")


# -- two people -----------------------------------------------------------------------------------------------------------


def test_who_asks_does_not_approve_and_another_does(world, browser):
    version = world.candidate("flights-new")
    with logged_in(browser, world, RITA, "flights-new", version) as there:
        there.tag("approve", "champion")
        there.page.get_by_role("cell", name="approve", exact=True).wait_for()
        said = there.refused_in(there.set_champion())
        there.screenshot("gate-6-own-approval-does-not-count")
        assert "[KF-G050] approvals: 0 of 1 approvals by others than rita" in said
        assert "someone else adds the tag approve = champion on the version's page" in said
        there.reload()
        there.tag("request-move", "champion: fewer false alarms")
        there.page.get_by_role("cell", name="request-move", exact=True).wait_for()
        words = there.verdict("requested.").inner_text()
        there.screenshot("gate-6-requested")
        assert "fewer false alarms; it waits for 1 approval by others, then for somebody to move it" in words
    with logged_in(browser, world, PAUL, "flights-new", version) as there:
        there.tag_again("approve")
        there.screenshot("gate-7-approved-by-another")
    with logged_in(browser, world, RITA, "flights-new", version) as there:
        there.set_champion().wait_for(state="hidden")
        there.page.get_by_text("@ champion").wait_for()
        there.reload()
        words = there.verdict("promoted.").inner_text()
        there.screenshot("gate-8-promoted")
        assert "v1 was made alias champion: it met all rules" in words
        assert "Requested by rita. Approved by paul." in words
        assert there.page.get_by_role("cell", name="request-move", exact=True).count() == 0, "it is granted"
    assert [told[0::2] for told in world.told("flights-new")] == [
        ("approved", "rita"),
        ("refused", "rita"),
        ("requested", "rita"),
        ("approved", "paul"),
        ("promoted", "rita"),
    ]


def test_a_former_champion_comes_back_by_the_same_dialog(world, third, browser):
    with logged_in(browser, world, PAUL, "flights-red", "1") as there:
        there.set_champion().wait_for(state="hidden")
        there.page.get_by_text("@ champion").wait_for()
        there.reload()
        words = there.verdict("rolled back.").inner_text()
        there.screenshot("gate-9-rolled-back")
        assert "v1 was made alias champion again." in words
        assert "Asked for by paul" in words
    assert world.told("flights-red")[-1] == ("rolled back", "1", "paul")


# -- undecided --------------------------------------------------------------------------------------------------------------


def test_what_is_undecided_is_refused_with_who_may_let_it_pass_and_passes_when_another_approves(world, browser):
    first = world.candidate("small-data")
    asks(world.uri, "registered-models/alias", {"name": "small-data", "alias": "champion", "version": first}, by=RITA)
    second = world.candidate("small-data", champion=first, rows=(row("not_worse_than", 0.0, "undecided", **WIDE),))
    with logged_in(browser, world, RITA, "small-data", second) as there:
        said = there.refused_in(there.set_champion())
        there.screenshot("gate-11-undecided")
        assert "undecided with 900 rows, difference to the champion 0.001 [-0.02, 0.022]" in said
        there.reload()
        words = there.verdict("v2 was not made alias champion").inner_text()
        there.screenshot("gate-12-undecided-reloaded")
        assert "about 9,000 labels would decide it" in words
        assert "approve = champion" in words
    with logged_in(browser, world, PAUL, "small-data", second) as there:
        there.tag("approve", "champion")
        there.page.get_by_role("cell", name="approve", exact=True).wait_for()
    with logged_in(browser, world, RITA, "small-data", second) as there:
        there.set_champion().wait_for(state="hidden")
        there.page.get_by_text("@ champion").wait_for()
        there.reload()
        words = there.verdict("promoted.").inner_text()
        there.screenshot("gate-13-promoted-though-undecided")
        assert "a person's approval let pass what was undecided" in words
        assert "Approved by paul, which let pass what was undecided: overall roc_auc (overall)." in words


# -- names ------------------------------------------------------------------------------------------------------------------


def test_a_models_name_is_text_wherever_the_gate_writes_it(world, browser):
    version = world.register(EVIL)
    with logged_in(browser, world, RITA, EVIL, version) as there:
        there.tag("approve", "champion")
        nothing = there.refused_in(there.page.locator("body"))
        there.screenshot("gate-10-nothing-to-approve")
        assert "[KF-G052] there is nothing to approve: the version has no certificate → keepfit certify 'flights-<img" in nothing
        said = there.refused_in(there.set_champion())
        assert len(said) <= 400
        there.reload()
        words = there.verdict("v1 was not made alias champion").inner_text()
        there.screenshot("gate-11-names-do-nothing")
        assert f"keepfit certify '{EVIL}' 1" in words
        assert did_nothing(there.page)
