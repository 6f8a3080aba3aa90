"""A single training run: settings and accounts in, a run in MLflow with its model out.

What goes in: the plain content of a composed configuration (:func:`read_config` makes it of
Hydra's), found to be sound by :func:`check_settings`. What comes out: a finished run
(:func:`train`), or what a run computes, apart from keeping it (:func:`read_task`,
:func:`compute`); a process beside this one can compute it ahead (:func:`working_ahead`).

The room uses tracking and the rooms below it. It is one of three places that know Hydra.

Examples
--------
>>> from tiktok_segments.training import read_config
>>> read_config({"k": 3})
{'k': 3}
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
