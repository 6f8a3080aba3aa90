"""The registered model: which version is in use, who may replace it, under which names.

What goes in: the id of a finished run (:func:`restore` makes named segments of it), a version's
number or a model's address. What comes out: versions of MLflow's registered model
(:func:`promote`, :func:`rename_segment`, :func:`roll_back`), and models that are loaded only if
they are as they were promoted (:func:`load_champion`, :func:`load_for_use`).

The room uses tracking, segments, validation, clustering and accounts; beside tracking it is the
only one that knows MLflow, whose :class:`ModelVersion` others take from here.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
