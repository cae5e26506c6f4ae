"""Parts of a table that have a name: by rule, and found by search where the loss is, or where rows came from and went. Pure."""
