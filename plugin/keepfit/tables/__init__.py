"""What tables look like that people have: words for missing, delimiters, files of one table, what a column holds whatever stores it. Values in, values out."""
