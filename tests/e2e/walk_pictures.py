"""The pictures of docs/labelling.md, from what the walk left: cut to what they show, in few colours, each below 150 kB.

python -m pytest tests/e2e/test_label_walk.py && python tests/e2e/walk_pictures.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
LEFT, DOCS = REPOSITORY / "build" / "screenshots", REPOSITORY / "docs" / "pictures"
SHOWN = {"walk-1-ticket": (0, 0, 1100, 1090), "walk-3-candidate": (195, 0, 1040, 450), "walk-4-promoted": (195, 0, 1040, 980)}
"""What is cut out of each: left, upper, right, lower."""
COLOURS, MOST_BYTES = 64, 150_000


def main() -> None:
    """Write the pictures."""
    DOCS.mkdir(exist_ok=True)
    for name, box in SHOWN.items():
        with Image.open(LEFT / f"{name}.png") as picture:
            small = picture.convert("RGB").crop(box).quantize(COLOURS)
        small.save(DOCS / f"{name}.png", optimize=True)
        size = (DOCS / f"{name}.png").stat().st_size
        assert size < MOST_BYTES, f"{name} has {size:,} bytes"
        print(f"{name}.png: {size:,} bytes")


if __name__ == "__main__":
    main()
