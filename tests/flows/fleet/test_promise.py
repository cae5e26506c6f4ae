import pytest
from tests.flows.fleet.test_projects import fleet, project

from keepfit.errors import ParamsError
from keepfit.flows.fleet.projects import fleet_projects
from keepfit.flows.project import Project


def promised(home, said):
    for name in ("a", "b", "c"):
        if not (home / name).exists():
            project(home / name, name, f"monitor: {{false_alerts_per_1000_windows: {0.1 if name == 'c' else 1.0}}}\n")
    found = fleet_projects(fleet(home, said))
    return [each.project and each.project.params.monitor.false_alerts_per_1000_windows for each in found]


def test_each_has_its_share_by_weight_and_less_stands(tmp_path):
    said = "projects: {a: {weight: 2}, b: , c: }\nfalse_alerts_per_1000_windows: 1.2\n"
    assert promised(tmp_path, said) == pytest.approx([0.6, 0.3, 0.1])


def test_without_a_promise_for_all_each_promises_its_own(tmp_path):
    assert promised(tmp_path, "projects: [a, b, c]\n") == [1.0, 1.0, 0.1]


def test_what_cannot_be_read_keeps_its_share(tmp_path):
    project(tmp_path / "b", "b", "nonsense: 1\n")
    assert promised(tmp_path, "projects: [a, b, c]\nfalse_alerts_per_1000_windows: 1.2\n") == [pytest.approx(0.4), None, 0.1]


def test_a_project_by_itself_goes_by_its_own_params(tmp_path):
    promised(tmp_path, "projects: [a, b, c]\nfalse_alerts_per_1000_windows: 0.3\n")
    assert Project(tmp_path / "a").params.monitor.false_alerts_per_1000_windows == 1.0


@pytest.mark.parametrize("value", ["0", "-1", ".inf", "many"])
def test_a_promise_is_a_number_above_0(tmp_path, value):
    with pytest.raises(ParamsError, match="false_alerts_per_1000_windows"):
        promised(tmp_path, f"projects: [a]\nfalse_alerts_per_1000_windows: {value}\n")
