"""Ways to train on many accounts, as code: this project's, and what others would write."""

START = """
import json, time
began = time.perf_counter()
import numpy as np
"""
"""Before a way's code: it begins with its imports."""

END = """
seconds = time.perf_counter() - began
import psutil
own = psutil.Process()
cpu = sum(sum(one.cpu_times()[:4]) for one in [own, *own.children(recursive=True)])
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "inertia": float(inertia())}))
"""
"""After it: a process counts with those that it has waited for, and with those still there."""

STORE = """
import os
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
from mlflow import MlflowClient
MlflowClient({!r}).search_experiments()
"""
"""Makes an empty store at an address, as there is one for every run but the first of a project."""

_SESSION = """
SETTINGS = {"spark.driver.memory": "4g", "spark.ui.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
"""
_SPARK = """
OPTIONS = ["engine=spark", "engine.master=local[2]",
           *(f"+engine.config.{name}={value}" for name, value in SETTINGS.items())]
"""
_PROJECT = """
import os, sys
from pathlib import Path
import tiktok_segments
os.environ |= {"TIKTOK_SEGMENTS_ROOT": given["root"],
               "MLFLOW_TRACKING_URI": f"sqlite:///{given['root']}/mlflow.db"}
project = Path(tiktok_segments.__file__).parents[2]
sys.argv = ["train.py", f"k={given['k']}", f"seed={given['seed']}", "structure=off", "figures=off",
            f"data.path={given['path']}", *OPTIONS]
sys.path.insert(0, str(project))
os.chdir(project)
import runpy
runpy.run_path("train.py", run_name="__main__")
def inertia():
    from mlflow import MlflowClient
    client = MlflowClient()
    ids = [one.experiment_id for one in client.search_experiments()]
    return client.search_runs(ids)[0].data.metrics["inertia"]
"""
_FEATURES = """
def features(frame):
    return np.column_stack([np.log1p(frame["followers"]), np.log1p(frame["following"]),
                            np.log1p(frame["videos"]),
                            np.log10(frame["engagement_rate"].clip(lower=1e-4))])
COLUMNS = ["account_id", "followers", "following", "videos", "engagement_rate"]
"""
_READ = (
    _FEATURES
    + """
import pandas as pd
from sklearn.preprocessing import StandardScaler
frame = pd.read_parquet(given["path"]).drop_duplicates("account_id").dropna(subset=COLUMNS)
X = StandardScaler().fit_transform(features(frame))
"""
)
_PLAIN = (
    _READ
    + """
from sklearn.cluster import KMeans
fitted = KMeans(given["k"], n_init=10, random_state=given["seed"]).fit(X)
inertia = lambda: fitted.inertia_
"""
)
_MINIBATCH = (
    _FEATURES
    + """
import pyarrow.parquet
from sklearn.cluster import MiniBatchKMeans
from sklearn.preprocessing import StandardScaler
def batches():
    with pyarrow.parquet.ParquetFile(given["path"], pre_buffer=False) as file:
        for batch in file.iter_batches(262_144, columns=COLUMNS[1:]):
            yield features(batch.to_pandas())
scaler = StandardScaler()
for part in batches():
    scaler.partial_fit(part)
fitted = MiniBatchKMeans(given["k"], n_init=10, random_state=given["seed"])
for part in batches():
    fitted.partial_fit(scaler.transform(part))
inertia = lambda: -sum(fitted.score(scaler.transform(part)) for part in batches())
"""
)
_FAISS = (
    _READ
    + """
import faiss
X = np.ascontiguousarray(X, dtype="float32")
fitted = faiss.Kmeans(X.shape[1], given["k"], nredo=10, niter=25, seed=given["seed"],
                      max_points_per_centroid=len(X))
fitted.train(X)
inertia = lambda: fitted.index.search(X, 1)[0].sum(dtype=float)
"""
)

_MLLIB = (
    _SESSION
    + """
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession, functions as f
builder = SparkSession.builder.master("local[2]")
for name, value in SETTINGS.items():
    builder = builder.config(name, value)
frame = builder.getOrCreate().read.parquet(given["path"]).select(
    "account_id", "followers", "following", "videos", "engagement_rate")
frame = frame.dropDuplicates(["account_id"]).dropna().select(
    f.log1p("followers").alias("followers"), f.log1p("following").alias("following"),
    f.log1p("videos").alias("videos"),
    f.log10(f.greatest("engagement_rate", f.lit(1e-4))).alias("engagement")).cache()
points = VectorAssembler(inputCols=frame.columns, outputCol="all").transform(frame)
scaler = StandardScaler(inputCol="all", outputCol="features", withMean=True).fit(points)
scaled = scaler.transform(points).select("features")
fitted = KMeans(k=given["k"], seed=given["seed"]).fit(scaled)
def inertia():
    values = vector_to_array("features")
    away = [sum((values[i] - float(x)) ** 2 for i, x in enumerate(centre))
            for centre in fitted.clusterCenters()]
    least = scaled.select(f.least(*away).alias("away"))
    total, rows = least.agg(f.sum("away"), f.count("away")).first()
    # Spark's scaler divides by the standard deviation of a sample, scikit-learn's by that of the
    # rows: the same points are nearer to each other there by this factor.
    return total * rows / (rows - 1)
"""
)

VARIANTS = {
    "project": "OPTIONS = []" + _PROJECT,
    "spark": _SESSION + _SPARK + _PROJECT,
    "mllib": _MLLIB,
    "plain": _PLAIN,
    "minibatch": _MINIBATCH,
    "scikit_learn_intelex": "from sklearnex import patch_sklearn\npatch_sklearn()\n" + _PLAIN,
    "faiss": _FAISS,
}
"""Each sets ``inertia``. ``project`` is ``train.py`` as it is, ``spark`` the same with Apache Spark
on two threads, ``mllib`` Spark's own k-means there, ``plain`` pandas and scikit-learn with ten
starts, ``minibatch`` MiniBatchKMeans in two passes over batches."""
