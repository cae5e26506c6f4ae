"""What `import keepfit` offers in Python: the flows of the command line with tables in memory, and records instead of text."""
