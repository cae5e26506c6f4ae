"""Choosing the rows that train and the rows that judge. Pure: tables in, tables and a manifest out."""
