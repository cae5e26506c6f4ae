"""DVC of this interpreter, without searching its imports for garbage: a third of what its short verbs cost."""

from __future__ import annotations

import sys

from keepfit.integrations.programs.collector import collect_rarely


def main() -> int:
    """Run DVC's own command line; return its exit code."""
    collect_rarely()
    from dvc.cli import main as dvc

    sys.argv[0] = "dvc"
    return int(dvc(sys.argv[1:]) or 0)
