"""What the end-to-end tests share: the command line as people use it, and repositories to use it in."""

from __future__ import annotations

collect_ignore = ["adopted"]  # somebody's own repository: copied and adopted, never imported
