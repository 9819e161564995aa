"""The questions: one module each, ending in a result."""
