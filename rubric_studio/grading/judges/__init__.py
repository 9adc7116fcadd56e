"""Judges: set up, tried, asked by a prompt."""
