"""One module a figure of the report: its measuring, words, findings and JSON."""
