"""Answers made to fool a rubric, or to change exactly one verdict: pure texts out of texts."""
