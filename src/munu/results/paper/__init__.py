"""Results of the reference paper's tables and figures, and of today's data."""
