"""The life of a sweep: many runs of one command, their table, their best, and its reason.

What goes in: the configuration of a Hydra multirun, of which :func:`job_overrides` makes jobs and
:class:`SpaceLoader` the configuration of each. What comes out: a sweep's run in MLflow that
:func:`open_sweep` opens, fills and closes whatever happens, with the runs by space
(:func:`named_spaces`), a :func:`leaderboard`, and the decision among them (:func:`decide`).

The room uses training and the rooms below it; ``hydra_plugins`` holds the sweeper that runs it.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
