"""The gate: rules, certificate, decision. Pure, and light: it runs inside the MLflow server."""
