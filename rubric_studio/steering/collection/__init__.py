"""What all questions of a collection say together: judges against experts."""
