"""All that is said to MLflow about runs and their models, and asked of it.

What goes in: figures, tables, params and metrics of a run (:func:`record_run`), a fitted pipeline
(:func:`log_model`), a pipeline with its segments' identities (:func:`log_named_model`). What comes
out: earlier runs (:func:`get_run`), what they keep (:func:`load_config`, :func:`load_table`), and
models, which are loaded by skops only (:func:`load_model`, :func:`load_named_model`). Before any of
it, :func:`connect` opens the store, and mends it where it was moved. Names of files are constants
of ``artifacts``; those of tags, params and metrics, of ``run_names``.

The room uses validation, segments, clustering and accounts. Beside it, only registry knows MLflow,
whose :class:`Run` others take from here.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
