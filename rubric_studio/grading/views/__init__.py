"""Pages of sample answers, judges, files that come and go, and runs."""
