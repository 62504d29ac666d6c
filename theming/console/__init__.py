"""Words and drawings of the console, which speaks English."""
