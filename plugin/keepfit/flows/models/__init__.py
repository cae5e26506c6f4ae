"""How a model is trained and how it scores rows: in memory or by the user's own commands."""
