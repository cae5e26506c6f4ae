"""The words that stand for a missing value in a text file: those that pandas knows (`pandas._libs.parsers.STR_NA_VALUES`).

Both readers of CSV files use this list, and so does what reads numbers from text, whatever file the text came from.
"""

from __future__ import annotations

MISSING_WORDS: tuple[str, ...] = (
    "",
    "#N/A",
    "#N/A N/A",
    "#NA",
    "-1.#IND",
    "-1.#QNAN",
    "-NaN",
    "-nan",
    "1.#IND",
    "1.#QNAN",
    "<NA>",
    "N/A",
    "NA",
    "NULL",
    "NaN",
    "None",
    "n/a",
    "nan",
    "null",
)
