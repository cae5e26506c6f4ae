"""Samplers by name, one file each: which rows of the past train, and what each weighs."""
