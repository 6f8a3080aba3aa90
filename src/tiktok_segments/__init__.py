"""TikTok profile exports into named influencer segments, every experiment tracked in MLflow.

The names below are the library: frames and arrays in, small results out, no configuration. Each is
imported when it is first used, so that a command that prints its help need not wait for them.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
