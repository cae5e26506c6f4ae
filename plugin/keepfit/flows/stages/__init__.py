"""The verbs of the DVC stages: ingest, validate, compose, train, evaluate, register."""
