"""NannyML's univariate drift with its default methods over two Parquet files, the second as one chunk; nothing is drawn."""

import sys

import nannyml
import pandas as pd

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
calculator = nannyml.UnivariateDriftCalculator(column_names=list(reference.columns), chunk_size=len(current))
print(len(calculator.fit(reference).calculate(current).to_df()))
