"""Series in, pictures as plain text out. Nothing here colours; whoever shows a picture does."""
