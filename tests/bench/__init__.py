"""How fast mltrack is, measured in a real terminal on large stores: ``python -m tests.bench``. It never asserts."""
