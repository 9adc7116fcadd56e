"""What is asked: collections, questions, criteria, their revisions and published versions."""
