"""Profiles: mergeable statistics of a window, from one pass and one kernel over Arrow columns; what a reference's own windows teach. Pure."""
