"""Answers as text: one module a format, and what they are told about an answer."""
