"""Where a picture's texts lie, roughly: what the tests of all charts ask of them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

from keepfit.report.axis import text_width


def texts(svg):
    """Every text that lies across: what it says, and its box (left, right, top, bottom)."""
    found = []
    for one in ET.fromstring(svg).iter("text"):
        if one.get("transform"):
            continue
        size, x, y = float(one.get("font-size")), float(one.get("x")), float(one.get("y"))
        wide = text_width(one.text or "", size)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.get("text-anchor")]
        found.append((one.text, (left, left + wide, y - size * 0.75, y + size * 0.2)))
    return found


def assert_readable(svg):
    """No text leaves the picture, none lies over another; every shape has numbers for its places."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    assert root.get("aria-label")
    assert root.find("desc").text
    boxes = texts(svg)
    for text, (left, right, top, bottom) in boxes:
        assert left >= -0.6, text
        assert right <= width + 0.6, text
        assert top >= -0.6, text
        assert bottom <= height + 0.6, text
    for (one, a), (other, b) in combinations(boxes, 2):
        assert a[1] <= b[0] + 0.1 or b[1] <= a[0] + 0.1 or a[3] <= b[2] + 0.1 or b[3] <= a[2] + 0.1, (one, other)
    assert "nan" not in svg
    assert "inf " not in svg
