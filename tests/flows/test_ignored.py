"""A file that git would ignore is named with the pattern before anything is written, and the advice shows it again."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from keepfit.errors import ProjectError
from keepfit.flows.ignored import refuse_hidden, refuse_ignored
from keepfit.flows.init.init import InitRequest, init

COMMON = [
    ("data/\n", "data/windows.dvc", "'data/', .gitignore line 1"),
    ("*.pyc\nmodels/\n", "models/champion.dvc", "'models/', .gitignore line 2"),
    ("*.json\n", "decision.json", "'*.json', .gitignore line 1"),
    ("reports/\n", "reports/validation.json", "'reports/', .gitignore line 1"),
    ("*.yaml\n*.yml\n", "params.yaml", "'*.yaml', .gitignore line 1"),
    ("# data\n\ndata\n", "data/windows.dvc", "'data', .gitignore line 3"),
    (".*\n!.gitignore\n", ".dvc/config", "'.*', .gitignore line 1"),
    ("*.lock\n", "dvc.lock", "'*.lock', .gitignore line 1"),
    ("*.dvc\n", "data/windows.dvc", "'*.dvc', .gitignore line 1"),
    ("*.md\n!README.md\n", "reports/REVIEW.md", "'*.md', .gitignore line 1"),
    ("*\n!*/\n!*.py\n", "decision.json", "'*', .gitignore line 1"),
]
AT_THE_TOP = ("data/*\n!data/raw/\n", "data/windows.dvc", "'data/*', .gitignore line 1")


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def rows(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    times = [datetime(2026, 1, 5 + row // 100, row % 24) for row in range(600)]
    lines = [f"c{row},{at.isoformat()},{'ab'[row % 2]},{20 + row % 50},{('yes', 'no')[(row // 3) % 2]}" for row, at in enumerate(times)]
    path.write_text("\n".join(["customer,at,plan,age,left", *lines]) + "\n")
    return path


def repository(folder: Path, ignore: str) -> Path:
    rows(folder / "data" / "rows.csv")
    (folder / "train.py").write_text('import pandas as pd\npd.read_csv("data/rows.csv")\n')
    (folder / ".gitignore").write_text(ignore)
    git(folder, "init", "-q")
    git(folder, "add", "train.py")
    git(folder, "commit", "-qm", "theirs")
    return folder


def adopt(repo):
    return init(InitRequest(folder=repo, command="python train.py", time="at", target="left"), ask=lambda *_: True, say=lambda _: None)


def own(folder):
    return init(InitRequest(folder=folder, data=folder / "data" / "rows.csv", time="at", target="left", model="churn"), ask=lambda *_: True, say=lambda _: None)


def follow(refused: ProjectError, top: Path) -> None:
    """Do what the fix says: add its lines to the files that it names."""
    for file, lines in re.findall(r"at the end of (\S+) add\n((?:    \S.*\n)+)", f"{refused.fix}\n"):
        with (top / file).open("a") as text:
            text.write("".join(f"{line.strip()}\n" for line in lines.splitlines()))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if ".git" not in path.parts)


CASES = [*((adopt, *case) for case in COMMON), *((own, *case) for case in (COMMON[0], COMMON[2], COMMON[6], COMMON[-1], AT_THE_TOP))]


@pytest.mark.slow
@pytest.mark.parametrize(("form", "ignore", "file", "pattern"), CASES)
def test_init_names_the_file_and_the_pattern_leaves_nothing_and_its_advice_opens_the_door(tmp_path, form, ignore, file, pattern):
    repo = repository(tmp_path / "theirs", ignore)
    before, status = files(repo), git(repo, "status", "--porcelain", "--ignored")
    with pytest.raises(ProjectError) as refused:
        form(repo)
    assert re.search(rf"(keepfit/)?{re.escape(file)}: by the pattern {re.escape(pattern)}", str(refused.value)), refused.value
    assert (files(repo), git(repo, "status", "--porcelain", "--ignored")) == (before, status)
    for _ in range(3):  # a folder's pattern hides the next one
        follow(refused.value, repo)
        try:
            made = form(repo)
            break
        except ProjectError as again:
            refused.value.fix = again.fix
    ignored = set(git(repo, "ls-files", "--others", "--ignored", "--exclude-standard").split())
    prefix = "keepfit/" if made.root != repo else ""
    assert not ignored & {
        f"{prefix}{name}" for name in ("data/windows.dvc", "models/champion.dvc", "params.yaml", "decision.json", "baseline.json", "dvc.yaml")
    }
    assert (made.root / "data" / "windows.dvc").is_file()


def test_a_folder_without_a_repository_is_checked_as_the_one_it_becomes(tmp_path):
    folder = tmp_path / "p"
    rows(folder / "data" / "rows.csv")
    (folder / ".gitignore").write_text("data/\n")
    with pytest.raises(ProjectError, match=r"data/windows\.dvc: by the pattern 'data/', \.gitignore line 1"):
        own(folder)
    assert files(folder) == [".gitignore", "data", "data/rows.csv"]
    assert not (folder / ".git").exists()


def test_people_keep_the_lines_of_their_gitignore(tmp_path):
    repo = repository(tmp_path / "theirs", "*.csv\n/build/")
    own(repo)
    lines = (repo / ".gitignore").read_text().splitlines()
    assert lines[:2] == ["*.csv", "/build/"]
    assert {"/.keepfit/", "/mlruns/"} <= set(lines)
    assert lines.count("/build/") == 1


def test_a_pattern_of_another_place_is_named_with_it(tmp_path):
    repo = repository(tmp_path / "theirs", "")
    (repo / ".git" / "info" / "exclude").write_text("*.dvc\n")
    (repo / "keepfit").mkdir()
    shutil.rmtree(repo / "keepfit")
    with pytest.raises(ProjectError, match=r"keepfit/data/windows\.dvc: by the pattern '\*\.dvc', \.git/info/exclude line 1"):
        adopt(repo)
    (repo / ".git" / "info" / "exclude").write_text("")
    (repo / "data" / ".gitignore").write_text("*\n!.gitignore\n")
    with pytest.raises(ProjectError, match=r"data/windows\.dvc: by the pattern '\*', data/\.gitignore line 1") as refused:
        own(repo)
    follow(refused.value, repo)
    assert (own(repo).root / "data" / "windows.dvc").is_file()


def test_names_are_asked_about_whether_they_are_tracked_or_not(tmp_path):
    repo = repository(tmp_path / "theirs", "*.lock\n")
    (repo / "dvc.lock").write_text("")
    git(repo, "add", "-f", "dvc.lock")
    with pytest.raises(ProjectError, match="a file that keepfit has to track"):
        refuse_ignored(repo, ["dvc.lock", "dvc.yaml"])
    refuse_ignored(repo, ["dvc.yaml"])


def test_a_project_deep_in_a_repository_is_asked_about_from_the_top(tmp_path):
    repo = repository(tmp_path / "theirs", "models/\n")
    (repo / "keepfit").mkdir()
    with pytest.raises(ProjectError, match=r"keepfit/models/champion\.dvc: by the pattern 'models/', \.gitignore line 1"):
        refuse_hidden(repo / "keepfit", ["models/champion.dvc"])
    refuse_hidden(repo / "keepfit", ["data/windows.dvc"])
    refuse_hidden(tmp_path, ["models/champion.dvc"])
