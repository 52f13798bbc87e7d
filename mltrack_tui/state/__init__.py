"""What is remembered between visits, in a small database under the user's state directory, never in a store."""
