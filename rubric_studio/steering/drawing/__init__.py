"""Where the marks of the figures stand: x in percent of the cell, y in pixels. Pure geometry."""
