"""DuckDB: what runs over more rows than memory holds. Part of the extra `pipeline`; imported here only, and only where it is needed."""
