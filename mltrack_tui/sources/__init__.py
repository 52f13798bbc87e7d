"""The one door through which data comes in."""
