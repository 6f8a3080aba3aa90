from .artifacts import load_config, load_table
from .connection import connect
from .history import Run, get_run
from .lineage import Lineage, read_lineage
from .model_loading import load_model
from .model_saving import log_model
from .named_model import NamedModel, load_named_model, log_named_model
from .runs import RunRecord, record_run

__all__ = [
    "Lineage",
    "NamedModel",
    "Run",
    "RunRecord",
    "connect",
    "get_run",
    "load_config",
    "load_model",
    "load_named_model",
    "load_table",
    "log_model",
    "log_named_model",
    "read_lineage",
    "record_run",
]
