"""Curation: what people decided on single rows, by rules in a reviewed file, and what became of each rule."""
