"""The curve of a backtest's page as a picture of its own: the styles of the page go with it.

keepfit backtest --html page.html && python tests/bench/curve_picture.py page.html docs/when-to-retrain.svg
"""

from __future__ import annotations

import re
import sys
from pathlib import Path


def picture(page: str) -> str:
    """Return the page's curve as SVG text, on white; raises `ValueError` for a page without one."""
    found = re.search(r'<svg class="curve"(.*?)>(.*?)</svg>', page, re.DOTALL)
    if found is None:
        raise ValueError("the page has no curve: nothing was measured")
    styles = "".join(style for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL) if "svg.curve" in style).strip()
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" font-family="sans-serif"{found[1]}>'
    return f'{head}\n<style>\n{styles}\n</style>\n<rect width="100%" height="100%" fill="#fff"/>\n{found[2]}\n</svg>\n'


def main(page: str, out: str) -> None:
    """Write the picture."""
    Path(out).write_text(picture(Path(page).read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
