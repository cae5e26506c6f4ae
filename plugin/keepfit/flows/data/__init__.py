"""What changed in the data: two revisions of a project's data, or two plain tables, read and compared row by row."""
