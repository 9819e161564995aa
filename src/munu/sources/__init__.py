"""Neutrino sources: the flux of each species at the detector and its helicity state.

The door of the room: a source is imported when it is asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
