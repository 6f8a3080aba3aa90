"""Measure this project beside what others would use: benchmark.py ingest, assign and more."""

import os
import sys
from functools import partial
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command, unknown_verb
from tiktok_segments.errors import InputError
from tiktok_segments.files import output_folder

ENVIRONMENT = dict(os.environ)
"""As it was given, which a command of this project adds to."""


@hydra.main(version_base="1.3", config_path="../conf", config_name="benchmark")
def main(config: DictConfig) -> None:
    """Run the benchmark that the command line names."""
    with plain_errors():
        if config.benchmark not in BENCHMARKS:
            raise InputError(unknown_verb(config.benchmark, tuple(BENCHMARKS)))
        BENCHMARKS[config.benchmark](config)


def ingest(config: DictConfig) -> None:
    """Reading and cleaning one large CSV, beside pandas parsing it as text."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.ingest import benchmark_ingest

    out = terminal.console(stderr=True)
    with out.status("Measuring ...") as status:
        found = benchmark_ingest(
            config.rows,
            rounds=config.rounds,
            seed=config.seed,
            progress=status.update,
        )
    terminal.console().print(
        f"{found.rows:,} rows, {found.bytes / 1e6:,.0f} MB of CSV, median of {config.rounds} "
        f"interleaved rounds\n"
        f"read and cleaned   {found.seconds:8.3f} s   peak {found.peak_mib:6,.0f} MiB\n"
        f"pandas.read_csv    {found.pandas_seconds:8.3f} s   peak {found.pandas_peak_mib:6,.0f} "
        f"MiB, as text\n"
        f"ratio              {found.ratio:8.2f}     from {min(found.ratios):.2f} to "
        f"{max(found.ratios):.2f}",
        markup=False,
    )


def assign(config: DictConfig) -> None:
    """Assigning accounts from Parquet to Parquet, beside pyarrow copying the file."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.assign import benchmark_assign

    with terminal.console(stderr=True).status("Measuring ...") as status:
        found = benchmark_assign(
            config.rows, rounds=config.rounds, seed=config.seed, progress=status.update
        )
    terminal.console().print(
        f"{found.rows:,} synthetic accounts, {found.bytes / 1e6:,.0f} MB of Parquet, median of "
        f"{config.rounds} interleaved rounds\n"
        f"assigned           {found.seconds:8.3f} s   peak {found.peak_mib:6,.0f} MiB, 14 columns\n"
        f"copied by pyarrow  {found.copy_seconds:8.3f} s   peak {found.copy_peak_mib:6,.0f} "
        f"MiB, 9 columns\n"
        f"ratio              {found.ratio:8.2f}     from {min(found.ratios):.2f} to "
        f"{max(found.ratios):.2f}",
        markup=False,
    )


def selection(config: DictConfig) -> None:
    """Rules for k on sets of known k, beside each other."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.benchmark_plots import draw_rules
    from tiktok_segments.benchmarks.known_k import compare_rules
    from tiktok_segments.plots import write_figure
    from tiktok_segments.spreadsheet import write_table

    seeds, folder = _seeds(config), output_folder(config.output)
    with terminal.progress_bar("sets") as progress:
        per_set, table = compare_rules(seeds, progress=partial(progress, "Sets of known k"))
    write_table(per_set, folder / "selection_sets.csv")
    write_table(table.reset_index(), folder / "selection.csv")
    write_figure(draw_rules(table), folder / "selection.png")
    true_k = per_set["true_k"].iloc[:: len(table)]
    terminal.print_table(
        table.round(2).reset_index(),
        f"{(true_k > 1).sum()} sets with groups, {(true_k == 1).sum()} without, seeds {seeds}",
    )
    terminal.console().print(f"\nWritten: {folder.resolve()}/selection.csv, .png", markup=False)


def recovery(config: DictConfig) -> None:
    """Rules for k where some groups are small and as near as others: sets tuned on, and others."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.recovery import compare_recovery, plan_sets
    from tiktok_segments.spreadsheet import write_table

    folder = output_folder(config.output)
    for name, seeds in config.recovery.seeds.items():
        if not seeds:
            continue
        plans = plan_sets(
            seeds, config.recovery.sets, config.recovery.structureless, config.recovery.largest
        )
        with terminal.progress_bar("sets") as progress:
            per_set, table = compare_recovery(
                plans, partial(progress, f"Sets, {name}"), config.recovery.n_jobs
            )
        write_table(per_set, folder / f"recovery_{name}_sets.csv")
        write_table(table.reset_index(), folder / f"recovery_{name}.csv")
        title = (
            f"{name}: {len(plans)} sets of up to {config.recovery.largest:,} rows, seeds {seeds}"
        )
        terminal.print_table(table.round(2).reset_index(), title)
    terminal.console().print(f"\nWritten: {folder.resolve()}/recovery_*.csv", markup=False)


def claims(config: DictConfig) -> None:
    """Separated segments claimed where there are none, by kind of data and number of rows."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.known_k import count_claims
    from tiktok_segments.spreadsheet import write_table

    seeds, folder = _seeds(config), output_folder(config.output)
    with terminal.progress_bar("sets") as progress:
        table = count_claims(seeds, progress=partial(progress, "Sets without structure"))
    write_table(table, folder / "claims.csv")
    total = f"{table['claims'].sum()} claims in {table['sets'].sum()} sets without structure"
    terminal.print_table(table, f"{total}, seeds {seeds}")


def sweep(config: DictConfig) -> None:
    """A tracked sweep beside a bare loop, tutorials' MLflow, autologging and PyCaret."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.benchmark_plots import draw_ratios
    from tiktok_segments.benchmarks.sweep import available, benchmark_sweep, summarise
    from tiktok_segments.plots import write_figure
    from tiktok_segments.spreadsheet import write_table

    for name in ("rounds", "configurations"):
        if not isinstance(config[name], int) or config[name] < 1:
            raise InputError(f"{name} is {config[name]}; give a whole number from 1.")
    variants, folder = list(config.variants or available()), output_folder(config.output)
    with terminal.console(stderr=True).status("Measuring ...") as status:
        timings = benchmark_sweep(variants, config.configurations, config.rounds, status.update)
    table = summarise(timings)
    write_table(timings, folder / "sweep.csv")
    write_figure(draw_ratios(timings, config.configurations), folder / "sweep.png")
    terminal.print_table(
        table.round(2), f"{config.configurations} configurations, median of {config.rounds} rounds"
    )
    terminal.console().print(f"\nWritten: {folder.resolve()}/sweep.csv, .png", markup=False)


def scale(config: DictConfig) -> None:
    """Training on many accounts, beside scripts that fit and print."""
    from tiktok_segments import terminal
    from tiktok_segments.benchmarks.benchmark_plots import draw_scale
    from tiktok_segments.benchmarks.scale import available, benchmark_scale, summarise_scale
    from tiktok_segments.benchmarks.scale_accounts import KINDS
    from tiktok_segments.plots import write_figure
    from tiktok_segments.spreadsheet import write_table

    variants, folder = list(config.variants or available()), output_folder(config.output)
    if unknown := [name for name in variants if name not in available()]:
        raise InputError(f"variants has {unknown[0]}; here are {', '.join(available())}.")
    if config.accounts not in KINDS:
        raise InputError(f"accounts is {config.accounts}; give {' or '.join(KINDS)}.")
    with terminal.console(stderr=True).status("Measuring ...") as status:
        measured = benchmark_scale(
            variants,
            config.rows,
            kind=config.accounts,
            rounds=config.rounds,
            seed=config.seed,
            environment=ENVIRONMENT,
            progress=status.update,
        )
    table = summarise_scale(measured)
    write_table(measured, folder / "scale.csv")
    write_figure(draw_scale(table, config.rows), folder / "scale.png")
    terminal.print_table(table, f"{config.rows:,} accounts, median of {config.rounds} rounds")
    terminal.console().print(f"\nWritten: {folder.resolve()}/scale.csv, .png", markup=False)


def _seeds(config: DictConfig) -> list[int]:
    seeds = [config.seeds] if isinstance(config.seeds, int) else list(config.seeds)
    if not seeds or not all(isinstance(seed, int) and seed >= 0 for seed in seeds):
        raise InputError(f"seeds is {config.seeds}; give whole numbers from 0, as in seeds=[1,2].")
    return seeds


BENCHMARKS = {
    "ingest": ingest,
    "assign": assign,
    "selection": selection,
    "claims": claims,
    "recovery": recovery,
    "sweep": sweep,
    "scale": scale,
}


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isidentifier():
        sys.argv[1] = f"benchmark={sys.argv[1]}"
    run_command(main, root=Path(__file__).resolve().parents[1])
