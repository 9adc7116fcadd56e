"""What authors type into the pages, turned into the document's fields."""
