"""Watching live data: what changed from one window to another, how sure that is, and which rule calls it drift. Pure: no clock, no file, no network."""
