"""Two registered versions on one labelled table, by people who have an MLflow server and no project."""
