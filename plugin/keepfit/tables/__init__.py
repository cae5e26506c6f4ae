"""What tables look like that people have: words for missing, numbers written as text, delimiters, files of one table. Values in, values out."""
