"""χ² of counts, minimised over nuisances: arrays alone, no physics.

The door of the room: what other rooms import, they import from here.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
