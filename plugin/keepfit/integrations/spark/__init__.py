"""Spark: the same counts where the rows are. Part of the extra `spark`; imported here only, and only where it is needed."""
