"""What is tried: sample answers, judges, runs, grades and experts' labels."""
