"""Detectors: quenching, efficiency, resolution and the bins they lead to.

The door of the room: a module is imported when it is asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
