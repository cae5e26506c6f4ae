"""The page for people who know the subject: what a model learns from, read from all that a project has, and written once."""
