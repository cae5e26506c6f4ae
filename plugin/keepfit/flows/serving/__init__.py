"""What runs inside the MLflow server: its store, its app plugins, and how it is started."""
