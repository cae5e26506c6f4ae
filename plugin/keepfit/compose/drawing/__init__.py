"""Drawing a recipe's rows where all of them lie: counted by stratum, then the lowest ranks of each fetched."""
