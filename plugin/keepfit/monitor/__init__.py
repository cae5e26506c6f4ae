"""Watching live data: windows, profiles, detectors, evidence, the update policy and its tickets. Pure: no clock, no file, no network."""
