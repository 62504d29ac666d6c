"""Work beside the requests: each job takes rows that are due and calls a table verb."""
