"""The pictures of the project's and a ticket's page (docs/monitoring.md), from a demo's project and the server that it left.

keepfit demo --dir build/demo && MLFLOW_TRACKING_URI=http://127.0.0.1:5000 python tests/e2e/page_pictures.py build/demo/flights 2013-08-debt
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))  # as a script it sees its own folder only

from tests.conftest import CHROMIUM_FLAGS  # noqa: E402

PICTURES = REPOSITORY / "docs" / "pictures"
COLOURS, MOST_BYTES, WIDTH, TALLEST = 64, 150_000, 1040, 1000


def main(project: Path, ticket: str) -> None:
    """Write both pages as the commands do, and what their tops look like."""
    from playwright.sync_api import sync_playwright

    keepfit = str(Path(sys.executable).parent / "keepfit")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        pages = {"page-1-project": ("report", "--html"), "page-2-ticket": ("explain", ticket, "--html")}
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        for name, command in pages.items():
            html, shot = Path(scratch) / f"{name}.html", Path(scratch) / f"{name}.png"
            subprocess.run([keepfit, *command, str(html)], cwd=project, check=True, stdout=subprocess.DEVNULL)
            tab = browser.new_page(viewport={"width": WIDTH, "height": TALLEST}, color_scheme="light")
            tab.goto(html.as_uri())
            tab.screenshot(path=str(shot))
            keep(name, shot)
        browser.close()


def keep(name: str, shot: Path) -> None:
    """Write a picture in few colours."""
    with Image.open(shot) as picture:
        picture.convert("RGB").quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)
    size = (PICTURES / f"{name}.png").stat().st_size
    assert size < MOST_BYTES, f"{name} has {size:,} bytes"
    print(f"{name}.png: {size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
