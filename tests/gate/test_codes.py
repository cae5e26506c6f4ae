from __future__ import annotations

import re
from pathlib import Path

import keepfit.gate
from keepfit.gate.codes import CODES


def test_every_code_is_known_and_used():
    text = "".join(
        path.read_text() for folder in ("gate", "integrations/mlflow/store") for path in (Path(keepfit.gate.__file__).parents[1] / folder).glob("*.py")
    )
    used = set(re.findall(r"KF-G\d{3}", text.replace((Path(keepfit.gate.__file__).parent / "codes.py").read_text(), "")))
    assert used == set(CODES)
