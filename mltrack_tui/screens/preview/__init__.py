"""Looking into an artifact: a place with the ways to look at it."""
