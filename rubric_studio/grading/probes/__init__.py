"""Probes: made by rule or by hand, kept as sample answers, graded with the others."""
