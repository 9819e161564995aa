"""Likelihoods, limits and regions."""
