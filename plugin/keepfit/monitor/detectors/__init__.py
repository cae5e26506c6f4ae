"""Detectors by name, one file each: two sides in (profiles, rows, pairs, or a window and those before it), `Evidence` out."""
