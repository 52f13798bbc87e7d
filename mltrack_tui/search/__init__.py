"""The filter language: text to the domain's tree, and the tree asked of things that are in memory."""
