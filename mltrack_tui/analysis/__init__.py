"""Pure questions over values."""
