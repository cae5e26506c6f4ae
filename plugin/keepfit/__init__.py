"""keepfit keeps a machine-learning model fit for a changing world, continually.

What a notebook needs is here by name and loaded when it is first used: `keepfit.compare` and `keepfit.Project` (docs/python.md).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from keepfit.api.as_dict import to_dict as to_dict
    from keepfit.api.compare import compare as compare
    from keepfit.api.comparison import TableComparison as TableComparison
    from keepfit.api.opened import OpenProject as Project
    from keepfit.errors import KeepfitError as KeepfitError

_OFFERED = {
    "compare": "keepfit.api.compare:compare",
    "Project": "keepfit.api.opened:OpenProject",
    "to_dict": "keepfit.api.as_dict:to_dict",
    "TableComparison": "keepfit.api.comparison:TableComparison",
    "KeepfitError": "keepfit.errors:KeepfitError",
}
__all__ = ["KeepfitError", "Project", "TableComparison", "__version__", "compare", "to_dict"]


def __getattr__(name: str) -> object:
    """Import what is offered when it is first used: `import keepfit` alone costs nothing."""
    if name not in _OFFERED:
        raise AttributeError(f"module 'keepfit' has no attribute {name!r}; it offers {', '.join(_OFFERED)}")
    module, _, attribute = _OFFERED[name].partition(":")
    found: object = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Offer what can be used, loaded or not."""
    return sorted({*globals(), *_OFFERED} - {"annotations", "import_module", "TYPE_CHECKING"})
