"""One module or package for each outside system: `verify` what arrives, `apply` what it says."""
