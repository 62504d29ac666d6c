"""What `bin/bench` runs: our pages against a bare handler that does the same by hand."""
