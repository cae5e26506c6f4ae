"""The statistics that every room may use: metrics with their intervals, exact tests, permutation tests. Pure."""
