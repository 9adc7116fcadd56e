"""The grading page and the evidence behind it."""
