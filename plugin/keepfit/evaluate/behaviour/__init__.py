"""Behaviour that people wrote down, as tests of a model's answers: invariance, direction, minimum functionality (CheckList, Ribeiro et al. 2020)."""
