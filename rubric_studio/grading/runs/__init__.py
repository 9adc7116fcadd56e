"""Runs: what they will ask, their start, their end, what they came to."""
