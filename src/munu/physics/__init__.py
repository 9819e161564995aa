"""The physics: mixing, moments, nuclei, couplings, cross sections."""
