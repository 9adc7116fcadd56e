"""What is taken away: the REST interface. No models."""
