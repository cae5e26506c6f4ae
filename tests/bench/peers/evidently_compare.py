"""Evidently's default drift preset over two Parquet files, its result as a dictionary; no page is written."""

import sys

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

reference, current = (Dataset.from_pandas(pd.read_parquet(path), data_definition=DataDefinition()) for path in sys.argv[1:3])
result = Report([DataDriftPreset()]).run(current, reference).dict()
print(len(result["metrics"]))
