"""The small pictures that the server draws: SVG as text, coloured by classes only."""
