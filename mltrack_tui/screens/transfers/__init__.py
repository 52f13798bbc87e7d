"""Downloads on the screen: where to, how far each is, and what became of it."""
