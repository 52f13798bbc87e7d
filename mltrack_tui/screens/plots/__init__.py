"""The place where candidates are drawn: their metrics as curves, and what their values say together."""
