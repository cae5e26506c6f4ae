"""Detectors by name, one file each: two profiles in, `Evidence` out; none knows a threshold."""
