"""Expectations told by history: what past windows say of the next, as lines of a suite that a person reviews. Pure: values in, values out."""
