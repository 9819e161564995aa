"""Results in the formats of others: HEPData, LaTeX, CSV. The room cannot be called export."""
