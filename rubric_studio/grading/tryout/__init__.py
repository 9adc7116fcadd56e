"""What is tried beside the sentence that is being written."""
