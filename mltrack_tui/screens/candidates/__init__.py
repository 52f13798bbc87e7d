"""The candidate table: what the user chose, which columns follow from it, how values look, how they are loaded."""
