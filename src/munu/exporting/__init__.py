"""Results and likelihoods in the formats of others. The room cannot be called export."""
