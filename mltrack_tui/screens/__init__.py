"""The places a user can be: each has its own state, loads what it shows and wires its widgets."""
