"""Each module can be imported: a name that is there for type checkers only shows nowhere else but at a user's; nor does a circle, entered by its other end."""

from __future__ import annotations

import subprocess
import sys

import pytest

TRY = """
import importlib, pkgutil, sys, traceback
import keepfit
names = [each.name for each in pkgutil.walk_packages(keepfit.__path__, "keepfit.") if not each.name.endswith("__main__")]
for name in sorted(names, reverse={reverse}):
    try:
        importlib.import_module(name)
    except BaseException:
        print(name, traceback.format_exc().splitlines()[-1], sep=": ")
print("MODULES", len(names))
"""


@pytest.mark.parametrize("reverse", [False, True])
def test_every_module_can_be_imported_from_either_end(reverse):
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", TRY.format(reverse=reverse)], capture_output=True, text=True, check=True)
    *broken, count = ran.stdout.splitlines()
    assert broken == []
    assert int(count.split()[1]) > 300
