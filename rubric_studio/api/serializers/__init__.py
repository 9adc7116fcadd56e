"""The shapes of the REST interface: what comes in is checked here, what goes out is built here."""
