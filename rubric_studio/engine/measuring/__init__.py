"""What a matrix of verdicts says: order, separation, bands, agreement, with n and interval.

Scores are floats or None. None means incomplete: such an answer is left out and counted, never
taken for 0. Indices in results point into the sequences that were given.
"""
