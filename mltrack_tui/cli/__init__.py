"""The command line: from words to the explorer, or to an answer on standard output."""
