"""What mltrack remembers between two visits: views, filters, the last place. Never in the user's store."""
