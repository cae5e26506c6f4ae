"""Comparing challenger and champion: metrics, paired intervals, rules, scorecard. Pure."""
