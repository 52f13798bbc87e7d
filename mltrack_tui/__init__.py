"""mltrack: a terminal explorer for tracked machine-learning experiments."""
