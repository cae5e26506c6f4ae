"""The rows of a project: where they come from, the windows they close into, their labels."""
