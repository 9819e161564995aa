"""Plots of results: each takes one or several, and axes of yours if you like."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
