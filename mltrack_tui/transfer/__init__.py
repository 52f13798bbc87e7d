"""Artifacts from a source into a folder: one way, used by the command line and the screens."""
