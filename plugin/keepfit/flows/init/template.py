"""Where the files lie that `keepfit init` hands out: the repository is its own template.

In a wheel they are package data; in an editable install they are the files at the repository's root, the very pipeline that is
tested there. Blind to what a user changed in an installed package.
"""

from __future__ import annotations

from pathlib import Path

from keepfit.errors import ProjectError

FILES = ("dvc.yaml", "params.yaml", "gate.yaml", "curation.yaml")
FOLDERS = ("stages", "expectations", "labels")


def template_root() -> Path:
    """Return the folder that holds the template; raises `ProjectError` if the installation lost it."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "template", package.parents[1]):
        if (folder / "dvc.yaml").is_file() and (folder / "stages").is_dir():
            return folder
    raise ProjectError("the project template is missing from this installation", where=str(package), fix="pip install --force-reinstall keepfit")


def template_files() -> dict[str, bytes]:
    """Return every file of the template: path in the project (with forward slashes) to content."""
    root = template_root()
    paths = [root / name for name in FILES]
    for folder in FOLDERS:
        paths += sorted(path for path in (root / folder).rglob("*") if path.is_file() and _belongs(path.relative_to(root)))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _belongs(path: Path) -> bool:
    """Leave out what an interpreter or an editor dropped beside the template's files."""
    return not any(part.startswith((".", "__pycache__")) for part in path.parts)
