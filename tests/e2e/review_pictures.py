"""The pictures of docs/reviewing.md, from a real run: the review of a demo's first retraining, the comment on a
colleague's branch, and the version's page in MLflow.

keepfit demo --dir build/review --until 2013-03-01 && python tests/e2e/review_pictures.py build/review
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))  # as a script it sees its own folder only

from tests.conftest import CHROMIUM_FLAGS, serving  # noqa: E402
from tests.e2e.version_page import VersionPage  # noqa: E402

from keepfit.integrations.yaml_files import put  # noqa: E402

BIN = Path(sys.executable).parent
PICTURES = REPOSITORY / "docs" / "pictures"
COLOURS, MOST_BYTES, WIDTH, TALLEST = 64, 150_000, 1040, 1100
MENU, ASSISTANT = 195, 400  # of MLflow's page, left and right
STYLE = """body {font: 15px/1.5 sans-serif; margin: 24px; width: 980px; color: #1f2328} table {border-collapse: collapse; font-size: 13px}
td, th {border: 1px solid #d1d9e0; padding: 3px 8px} pre, code {background: #f6f8fa; font-size: 13px}
pre {padding: 8px} summary {font-weight: 600; padding: 2px 0}"""


def git(project: Path, *arguments: str) -> str:
    """Ask git in the demo's project."""
    return subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True, text=True).stdout


def colleagues_comment(project: Path, branch: str) -> str:
    """What `keepfit comment` says of a colleague's branch: the retraining with a model of fewer trees."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    run = partial(subprocess.run, cwd=project, check=True, capture_output=True, text=True, env=env)
    git(project, "checkout", "-q", "-B", "fewer-trees", branch)
    run(["dvc", "checkout", "--quiet"])
    params = project / "params.yaml"
    params.write_text(put(params.read_text(encoding="utf-8"), "train.params.max_iter", 8), encoding="utf-8")
    run(["dvc", "repro", "--quiet", "refit"])
    git(project, "commit", "-qam", "A model of fewer trees")
    said = run(["keepfit", "comment", "--base", f"{branch}^"]).stdout
    git(project, "checkout", "-q", "main")
    run(["dvc", "checkout", "--quiet"])
    return str(said)


def html(markdown: str) -> str:
    """The Markdown as a forge shows it."""
    from markdown_it import MarkdownIt

    return f"<meta charset='utf-8'><style>{STYLE}</style>{MarkdownIt('commonmark').enable('table').render(markdown)}"


def keep(name: str, shot: Path, *, left: int = 0) -> None:
    """Write a picture in few colours, cut to what it shows."""
    with Image.open(shot) as picture:
        small = picture.convert("RGB").crop((left, 0, min(picture.width, left + WIDTH), min(picture.height, TALLEST))).quantize(COLOURS)
    small.save(PICTURES / f"{name}.png", optimize=True)
    size = (PICTURES / f"{name}.png").stat().st_size
    assert size < MOST_BYTES, f"{name} has {size:,} bytes"
    print(f"{name}.png: {size:,} bytes")


def main(home: Path) -> None:
    """Make the three."""
    from playwright.sync_api import sync_playwright

    project = next(path.parent for path in sorted(home.glob("*/params.yaml")))
    branch = git(project, "branch", "--list", "retrain/*", "--sort=committerdate", "--format=%(refname:short)").split()[0]
    review, comment = git(project, "show", f"{branch}:reports/REVIEW.md"), colleagues_comment(project, branch)
    os.environ["KEEPFIT_KEYS"] = str(home / "keys")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        page = started.new_page(viewport={"width": WIDTH, "height": 300})
        shot = Path(scratch) / "shot.png"
        for name, text in (("review-1-review", review), ("review-2-comment", comment)):
            page.set_content(html(text))
            page.evaluate("document.querySelectorAll('details').forEach((one, place) => { one.open = place === 1 })")
            page.screenshot(path=shot, full_page=True)
            keep(name, shot)
        server = home / "server"
        shutil.copy(project / "gate.yaml", server / "gate.yaml")
        page.set_viewport_size({"width": MENU + WIDTH + ASSISTANT, "height": TALLEST})
        with serving(server) as gated:
            seen = VersionPage(page, gated.uri, "flights-late", 2)
            seen.page.wait_for_timeout(1000)
            seen.page.screenshot(path=shot)
            keep("review-3-version", shot, left=MENU)
        started.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
