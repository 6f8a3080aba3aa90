"""What the process that commands are forked from has imported and prepared: all they need."""

import gc
import pkgutil
from importlib import import_module

from hydra.core.plugins import Plugins
from PIL import Image
from sqlalchemy.orm import configure_mappers

import forked_commands  # noqa: F401 - what it runs in a process of its own
import tiktok_segments

LIBRARIES = (
    "alembic.command",
    "hydra.main",
    "kneed",
    "matplotlib.backends.backend_agg",
    "mlflow.pyfunc",
    "mlflow.sklearn",
    "mlflow.store.model_registry.sqlalchemy_workspace_store",
    "mlflow.store.tracking.sqlalchemy_workspace_store",
    "mlflow.tracing.processor.base_mlflow",
    "mlflow.tracing.processor.otel",
    "mlflow.utils.search_logged_model_utils",
    "narwhals._pandas_like.namespace",
    "narwhals._pandas_like.selectors",
    "narwhals.stable.v2._namespace",
    "omegaconf._impl",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.csvs",
    "pyarrow.acero",
    "pyarrow.dataset",
    "rich.status",
    "skops.io",
    "sqlalchemy.dialects.sqlite",
)
"""What the project's commands import at first use, beside its own modules."""

for module in LIBRARIES:
    import_module(module)
for found in pkgutil.walk_packages(tiktok_segments.__path__, "tiktok_segments."):
    import_module(found.name)
for plugin in ("hydra._internal.core_plugins", "hydra_plugins"):
    package = import_module(plugin)
    for found in pkgutil.walk_packages(package.__path__, f"{plugin}."):
        import_module(found.name)
configure_mappers()
Plugins.instance()  # looks for those of Hydra
Image.init()
gc.collect()
gc.freeze()
