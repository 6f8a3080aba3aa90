"""Registration of a run's model as a version, with all that travels with it."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from mlflow.entities.model_registry import ModelVersion

from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.files import write_whole
from tiktok_segments.registry import versions
from tiktok_segments.registry.baseline import measure_baseline, out_of_range
from tiktok_segments.registry.gate import GateFacts
from tiktok_segments.registry.model_card import (
    build_card,
    card_as_markdown,
    describe_gate,
    tabulate_conditions,
)
from tiktok_segments.registry.restoration import everyone_of_run
from tiktok_segments.registry.stored_baseline import count_assigned, measure_columns
from tiktok_segments.segments.description import describe_fitness, tabulate_segments
from tiktok_segments.segments.segmentation import Segmentation, as_document
from tiktok_segments.terminal import progress_bar
from tiktok_segments.tracking import artifacts, history, run_names
from tiktok_segments.tracking.lineage import read_lineage
from tiktok_segments.tracking.named_model import load_named_model, log_named_model
from tiktok_segments.tracking.store import model_name
from tiktok_segments.wording import markdown_text


def register_segmentation(
    segmentation: Segmentation,
    facts: GateFacts,
    record: Mapping[str, Any],
    licence: str | None = None,
) -> ModelVersion:
    """Log the model that answers with names, and register it; once for the same names.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    facts : GateFacts
        What the gate found of it.
    record : mapping
        The gate's decision, as ``promotion.json`` has it; becomes the version's description.
    licence : str, optional
        Of the data, for the model card.

    Returns
    -------
    ModelVersion
        A new version, or that of the same run under the same names. It has no alias yet.
    """
    kept = artifacts.folder_of_names(segmentation.run_id, as_document(segmentation))
    if known := _same_version(segmentation):
        versions.describe(known, _description(record, segmentation, kept))
        card = artifacts.load_document(segmentation.run_id, f"{kept}/{artifacts.MODEL_CARD}")
        if card is not None:  # versions of before model cards have none
            _log_card(segmentation, card | {"gate": describe_gate(record)}, kept)
        return known
    dataset, config = segmentation.dataset, segmentation.config
    baseline = _baseline(segmentation)
    about = {
        run_names.DATA_SHA256: dataset.sha256,
        run_names.DATA_SOURCE: dataset.source,
        "synthetic": dataset.synthetic,
        "features": str(config["features"]["name"]),
        "scaler": str(config["scaler"]["name"]),
        "outliers": str(config["outliers"]["name"]),
        "pseudonyms": str(config["data"].get("pseudonyms") or ""),
        "round": config["data"].get("round"),
    }
    address = log_named_model(
        segmentation.run_id,
        segmentation.pipeline,
        dataset.frame,
        segmentation.identities,
        baseline,
        about,
    )
    with TemporaryDirectory() as folder:
        document = json.dumps(as_document(segmentation), indent=2, ensure_ascii=False)
        file = write_whole(Path(folder) / artifacts.SEGMENTS, document)
        artifacts.log_files(segmentation.run_id, [file], kept)
    card = build_card(segmentation, read_lineage(segmentation.run_id), record, baseline, licence)
    _log_card(segmentation, card, kept)
    tags = {"verdict": facts.verdict, "k": str(len(segmentation.names))}
    return versions.register(
        address, load_named_model(address), tags, _description(record, segmentation, kept)
    )


def _log_card(segmentation: Segmentation, card: Mapping[str, Any], folder: str) -> None:
    """Log a model card, beside the segments whose names it bears."""
    texts = {
        "md": card_as_markdown(card, segmentation),
        "json": json.dumps(card, indent=2, ensure_ascii=False),
    }
    for ending, text in texts.items():
        name = f"{folder}/{artifacts.MODEL_CARD}.{ending}"
        artifacts.log_text(segmentation.run_id, text, name)


def _baseline(segmentation: Segmentation) -> dict[str, Any]:
    """Measure what later exports are compared with: every account, outliers too, as they hold.

    The range that the model saw is that of the accounts it was fitted on. Deciles and extremes
    are of every account: a sample would move them, and drift is measured from them for long.
    """
    pipeline, fitted = segmentation.pipeline, segmentation.dataset.frame
    columns = raw_columns(pipeline)
    if segmentation.dataset.stored:
        return _stored_baseline(segmentation, columns)
    everyone = everyone_of_run(segmentation).frame
    baseline = measure_baseline(
        everyone,
        np.asarray(pipeline[:-1].transform(everyone[columns])),
        np.asarray(pipeline.predict(everyone)),
        columns,
        len(segmentation.names),
    )
    for name in columns:
        seen = {"minimum": float(fitted[name].min()), "maximum": float(fitted[name].max())}
        baseline["columns"][name] |= seen
    return baseline | {"out_of_range_share": float(out_of_range(baseline, everyone).mean())}


def _stored_baseline(segmentation: Segmentation, columns: list[str]) -> dict[str, Any]:
    """Measure the baseline where not all accounts are in memory.

    Bins are cut and covariances taken by the accounts drawn; shares and extremes are of all.
    """
    fitted, pipeline, k = segmentation.dataset, segmentation.pipeline, len(segmentation.names)
    without = bool(fitted.stored and fitted.stored.bounds)
    dataset = everyone_of_run(segmentation) if without else fitted
    frame, labels = dataset.frame, np.asarray(pipeline.predict(dataset.frame))
    X = np.asarray(pipeline[:-1].transform(frame[columns]))
    baseline = measure_baseline(frame, X, labels, columns, k)
    with progress_bar("accounts") as progress:
        measured = measure_columns(dataset.accounts, baseline["columns"], progress)
        seen = measure_columns(fitted.accounts, baseline["columns"], progress)
        for name in columns:
            extremes = {end: seen[name][end] for end in ("minimum", "maximum")}
            baseline["columns"][name] |= measured[name] | extremes
        sizes, beyond = count_assigned(pipeline, dataset.accounts, baseline, progress)
    return baseline | {
        "accounts": dataset.n_accounts,
        "segment_shares": (sizes / sizes.sum()).tolist(),
        "out_of_range_share": beyond / dataset.n_accounts,
    }


def is_same(segmentation: Segmentation, version: ModelVersion) -> bool:
    """Say whether a version is a run's model under these very names and ids.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    version : ModelVersion
        A version of the registered model.

    Returns
    -------
    bool
        False also where the version was not made by this project.
    """
    segments = [[i.segment_id for i in segmentation.identities]]
    segments.append([i.name for i in segmentation.identities])
    known = [json.loads(version.tags.get(tag, "[]")) for tag in ("segment_ids", "segments")]
    return bool(version.run_id == segmentation.run_id and known == segments)


def _same_version(segmentation: Segmentation) -> ModelVersion | None:
    for number in history.model_versions(segmentation.run_id):
        version = versions.get_version(number)
        if is_same(segmentation, version):
            return version
    return None


def _description(record: Mapping[str, Any], segmentation: Segmentation, folder: str) -> str:
    """Return the segments and the decision as the registry's page shows them."""
    lines = [f"**{record['outcome']}**, run {record['run_id']}"]
    if record["reason"]:
        lines.append(f"Forced: {markdown_text(record['reason'])}")
    lines += ["", tabulate_conditions(record)]
    kind = "synthetic accounts" if segmentation.dataset.synthetic else "accounts"
    lines += [
        "",
        f"**Segments** of the {segmentation.dataset.n_accounts:,} {kind} it was fitted on",
        "",
        tabulate_segments(segmentation),
        "",
        describe_fitness(segmentation),
        "",
        f"It answers with these names: `mlflow.pyfunc.load_model('models:/{model_name()}"
        "@champion').predict(profiles)`, and is not for accounts of other platforms.",
        "",
        f"The whole model card: `{folder}/{artifacts.MODEL_CARD}.md` among the artifacts of run "
        f"{record['run_id']}.",
    ]
    return "\n".join(lines)
