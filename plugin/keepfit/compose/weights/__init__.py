"""Weights: what a row that trains counts for, by name."""
