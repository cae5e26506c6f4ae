"""Other programs that keepfit runs: git, DVC, the user's own commands; each in a process group of its own that ends with us."""
