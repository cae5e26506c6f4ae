"""HTML pages that stand alone: one stylesheet inside, no script, nothing loaded from anywhere; every value is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from keepfit.report.tables import number, plain

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(loader=PackageLoader("keepfit.report", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["number"] = number
    made.filters["plain"] = plain
    return made


def render(template: str, **values: object) -> str:
    """Return the page of a template in `report/templates/`; a value that the template needs and does not get is an error."""
    return _environment().get_template(template).render(**values)


def ready(*templates: str) -> None:
    """Compile templates now, which else the first page of each does."""
    for template in templates:
        _environment().get_template(template)
