"""`keepfit init`: the loop in a repository, whether new or grown."""
