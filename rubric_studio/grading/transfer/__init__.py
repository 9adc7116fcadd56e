"""Collections as files, answers and verdicts included."""
