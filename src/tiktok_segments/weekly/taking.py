"""One new export, start to end: judge, assign, measure drift, retrain where asked, gate, report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiktok_segments.accounts.dataset import Dataset, load_every_account
from tiktok_segments.language import read_language
from tiktok_segments.monitoring.drift_words import say_reasons
from tiktok_segments.monitoring.thresholds import read_thresholds
from tiktok_segments.registry import versions
from tiktok_segments.registry.gate_thresholds import check_promotion
from tiktok_segments.registry.lost import check_lost
from tiktok_segments.segments.choice import Decisions, read_decisions
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import artifacts, run_names
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.runs import NOT_KEPT, RunRecord, record_run
from tiktok_segments.tracking.store import project_root
from tiktok_segments.training.configuration import known_feature_sets
from tiktok_segments.weekly.assigning import assign_week
from tiktok_segments.weekly.earlier import load_last_accounts, read_trend
from tiktok_segments.weekly.intake import Intake, measure_intake, pack_handles
from tiktok_segments.weekly.judgement import (
    ExportDoubt,
    PastIntakes,
    count_turnover,
    judge_export,
    measure_change,
)
from tiktok_segments.weekly.limits import Limits, read_limits
from tiktok_segments.weekly.notice import read_command
from tiktok_segments.weekly.outcome import Week
from tiktok_segments.weekly.past_weeks import KIND, PastWeek, find_copy, past_weeks, read_before
from tiktok_segments.weekly.recipe import Recipe, champion_recipe, name_export, with_pseudonyms
from tiktok_segments.weekly.record import announce, fill_record
from tiktok_segments.weekly.reporting import report_week
from tiktok_segments.weekly.retraining import retrain, sweep_settings
from tiktok_segments.weekly.schedule import free_folder, missed_weeks, week_lock


def take_week(
    config: Mapping[str, Any],
    overrides: Sequence[str],
    folder: Path | None,
    tell: Callable[[str, str], None],
) -> Week:
    """Take one export through a model's week, and keep it as a run of kind ``weekly``.

    Parameters
    ----------
    config : mapping
        The plain content of the configuration, as in ``conf/weekly.yaml``.
    overrides : sequence of str
        The command's own, of which those of ``data`` and ``clean`` go on to a retraining.
    folder : Path or None
        Where tables and report go; files of the same names are replaced. None is a folder of the
        day that is not there yet, below ``outputs/weekly``.
    tell : callable
        Called with each step's name and its sentence as it is done.

    Returns
    -------
    Week
        With its outcome.

    Raises
    ------
    InputError
        If the export cannot be used, the champion was tampered with, or no retraining finished.
        The week is then kept as failed, with the reason. If a setting cannot be meant, or another
        week is running; then nothing is kept.
    """
    # Until the champion is known nothing is kept that names the export.
    kept = {**config, "data": {**config["data"], "pseudonyms": "unknown"}}
    week = Week(tell, name_export(kept["data"]))
    # Mistakes in settings are told before anything is done.
    limits = read_limits(config["weekly"])
    read_thresholds(config["drift"])
    check_promotion(config["promotion"])
    read_command(config["notify"]["command"])
    read_language(config["report"]["language"])
    decided = read_decisions(config["decisions"]) if config["decisions"] else None
    with week_lock(project_root() / "outputs", name_export(config["data"])):
        before = past_weeks(max(limits.weeks * 4, 100))
        with record_run(f"week {week.name}", KIND) as run:
            week.run_id = run.open()
            folder = folder or free_folder(project_root() / "outputs" / "weekly", week.started)
            try:
                kept["data"] = with_pseudonyms(config["data"], versions.champion())
                week.source = name_export(kept["data"])
                week.discreet = run.discreet = bool(kept["data"]["pseudonyms"])
                _Taking(kept, overrides, folder, week, limits, before, run, decided).take()
            except Exception as error:
                week.end("failed", NOT_KEPT if week.discreet else " ".join(str(error).split()))
                raise
            finally:
                announce(config["notify"], week)
                fill_record(run, kept, week)
            artifacts.log_files(week.run_id, week.files, artifacts.WEEK_FOLDER)
    return week


@dataclass
class _Taking:
    """One week under way."""

    config: Mapping[str, Any]
    overrides: Sequence[str]
    folder: Path
    week: Week
    limits: Limits
    before: Sequence[PastWeek]
    run: RunRecord
    decisions: Decisions | None

    def take(self) -> None:
        """Go through all steps."""
        week = self.week
        if missed := missed_weeks(self.before, week.started, self.limits.every):
            week.note("schedule", missed)
        version = versions.champion()
        if version is None:
            check_lost(versions.versions())
        week.champion_before = week.champion = str(version.version) if version else ""
        model = versions.load_version(version) if version else None
        own = artifacts.load_config(model.run_id) if model else None
        recipe = self._recipe(own)
        first = known_feature_sets().get(str(self.config["space"]["features"]), [])
        needed = model.columns if model else first
        self.read_by = {**recipe.settings, "engine": self.config["engine"]}
        dataset = load_every_account(self.read_by, ReadingShown(), needed)
        doubts = [*recipe.doubts(), *self._judge(dataset, model)]
        if not self._goes_on(doubts, [name for name in needed if name not in dataset.frame]):
            return
        wanted, why = self._assign(model)
        if wanted:
            week.note("retrain", f"Retraining: {why}.")
            settings = [*sweep_settings(self.config, model, own), *recipe.passed_on(self.overrides)]
            retrain(settings, recipe.settings["data"], self.config["promotion"], model, week)
        else:
            week.end("kept", f"{why[0].upper()}{why[1:]}.")
            week.note("retrain", f"Not retrained: {why}.")
        self._finish(dataset, model, recipe)

    def _recipe(self, own: Mapping[str, Any] | None) -> Recipe:
        if own is None:
            settings = {part: dict(self.config[part]) for part in ("data", "clean")}
            return Recipe(settings, {}, {})
        recipe = champion_recipe(own, self.config, self.overrides)
        if recipe.applied:
            said = ", ".join(recipe.overrides())
            self.week.note("recipe", f"Read as the champion's export was: {said}.")
        if recipe.said:
            said = ", ".join(recipe.said)
            self.week.note("recipe", f"Said otherwise than the champion's: {said}.")
        return recipe

    def _judge(self, dataset: Dataset, model: NamedModel | None) -> list[ExportDoubt]:
        """Measure what came in, keep it, and say what is doubtful about it."""
        week, intake = self.week, measure_intake(dataset)
        before = read_before(self.before, week.champion, model, self.limits)
        week.counts |= {name: getattr(intake, name) for name in ("rows", "accounts", "rejected")}
        sentence = (
            f"{intake.accounts:,} accounts, rejected rows: {intake.rejected:,}; {intake.source}"
        )
        if before.last:
            turnover = count_turnover(intake, before.last)
            week.counts |= {name: getattr(turnover, name) for name in ("new", "gone", "back")}
            sentence += f"; new: {turnover.new:,}, gone: {turnover.gone:,}, back: {turnover.back:,}"
            if came := [name for name in intake.columns if name not in before.last[0].columns]:
                sentence += f"; columns that came: {', '.join(came)}"
        week.note("read", sentence)
        self._keep(intake, before)
        doubts = judge_export(intake, before, self.limits)
        if copy := find_copy(self.before, intake.sha256):
            first = ExportDoubt(
                "digest",
                f"These very bytes were taken in on {copy.started:%Y-%m-%d}, run {copy.run_id}.",
            )
            doubts.insert(0, first)
        return doubts

    def _keep(self, intake: Intake, before: PastIntakes) -> None:
        document = {"intake": intake.as_document(), "change": measure_change(intake, before)}
        self.run.files[f"{artifacts.INTAKE}.json"] = artifacts.to_json(document)
        self.run.files[artifacts.HANDLES] = pack_handles(intake.handles)
        self.run.params |= {
            run_names.DATA_SHA256: intake.sha256,
            run_names.DATA_SOURCE: intake.source,
        }

    def _goes_on(self, doubts: Sequence[ExportDoubt], lacking: Sequence[str]) -> bool:
        """Hold the week where the export is doubtful and nobody has accepted it."""
        week = self.week
        for doubt in doubts:
            week.note("doubt", doubt.sentence)
        if doubts and self.config["accept"]:
            why = str(self.config["reason"])
            self.run.tags[run_names.ACCEPTED] = why
            week.note("accept", f"Accepted all the same: {why}")
        elif doubts:
            week.end("held", " ".join(doubt.sentence for doubt in doubts))
            hint = 'If the export is right: accept=true reason="why it is" goes on.'
            if lacking:
                hint = f"No week goes on without {', '.join(lacking)}, which the champion reads."
            week.note("held", f"Everything stays as it was. {hint}")
            return False
        return True

    def _assign(self, model: NamedModel | None) -> tuple[bool, str]:
        """Assign the export by the champion; say whether to retrain, and why."""
        week, asked = self.week, self.config["retrain"]
        if model is None:
            week.note("assign", "Nothing to assign with: there is no champion yet.")
            if asked == "never":
                return False, "as retrain=never asks for"
            return True, "there is no champion yet"
        thresholds = read_thresholds(self.config["drift"])
        number = week.champion
        drift = assign_week(number, model, self.read_by, self.folder, thresholds, week)
        week.drift = drift.verdict
        week.note("drift", f"{drift.verdict}. {' '.join(say_reasons(drift))}")
        if asked == "drift":
            return drift.verdict == "retrain", f"the drift verdict is {drift.verdict}"
        return asked == "always", f"as retrain={asked} asks for"

    def _finish(self, dataset: Dataset, model: NamedModel | None, recipe: Recipe) -> None:
        """Write everything in the segments of whichever model is champion by now."""
        week, version = self.week, versions.champion()
        week.champion = str(version.version) if version else ""
        if version is not None and week.champion != week.champion_before:
            model = versions.load_version(version)
            thresholds = read_thresholds(self.config["drift"])
            assign_week(week.champion, model, self.read_by, self.folder, thresholds, week)
        # Of accounts that are not all in memory nobody can say here who is new and who is gone.
        earlier = None
        if model is not None and not dataset.stored:
            earlier = load_last_accounts(self.before, self.config, model)
        language = read_language(self.config["report"]["language"])
        about = self.decisions, earlier, read_trend(self.before), language
        report_week(dataset, model, self.folder, week, recipe.settings, *about)
