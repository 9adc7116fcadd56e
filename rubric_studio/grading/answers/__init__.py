"""Sample answers: written, kept, brought in, shown."""
