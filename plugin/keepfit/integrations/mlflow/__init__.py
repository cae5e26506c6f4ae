"""MLflow: the gated store, the client, artifacts, REST, the run context."""
