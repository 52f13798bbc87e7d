"""What shows values and says what the user did with them. Nothing here loads."""
