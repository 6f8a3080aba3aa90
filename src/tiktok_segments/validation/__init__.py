"""Validation: is there structure, does it come back, and which k and space to take.

What goes in: a scaled matrix (:func:`examine`), fitted models of one space
(:func:`examine_models`), or a table of runs with their figures (:func:`select`). What comes out: a
verdict, ``separated``, ``continuum`` or ``none``, with every figure behind it and the reason in
words.

The room uses clustering, accounts and the modules beside the rooms. It knows no MLflow: who logs
what it finds is a matter of the rooms above.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
