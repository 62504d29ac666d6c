"""Hand-written migrations, run by `piccolo migrations forwards customer_center`."""
