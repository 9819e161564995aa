"""Detectors: quenching, efficiency, resolution and the bins they lead to."""
