"""One export a week, start to end, with nobody watching: what is done, held, told and kept.

What goes in: the configuration of ``conf/weekly.yaml``, in which an export is named
(:func:`take_week`). It is read by the champion's own recipe (:func:`champion_recipe`), judged
against the weeks before (:func:`judge_export`), and held where it is doubtful; else assigned,
measured for drift, retrained on and reported. What comes out: a :class:`Week` with its outcome, a
run of kind ``weekly`` whatever happened (:func:`list_weeks`), and word to whom it may concern.

The room uses every room below it; nothing but the command uses it.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
