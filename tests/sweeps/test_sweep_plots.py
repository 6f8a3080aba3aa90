import pandas as pd
import pytest

from tiktok_segments.sweeps.sweep_plots import (
    draw_elbow,
    draw_silhouette_curve,
    draw_structure,
)

INERTIA = pd.Series([100.0, 30.0, 20.0], index=[2, 3, 4])


def test_the_elbow_is_marked_where_there_is_one() -> None:
    (axes,) = draw_elbow({"core, standard": INERTIA}, {"core, standard": 3}).axes
    assert axes.get_title() == "core, standard\nelbow at k = 3"
    curve, mark = axes.lines
    assert curve.get_xydata().tolist() == [[2, 100], [3, 30], [4, 20]]
    assert list(mark.get_xdata()) == [3, 3]
    assert axes.get_xticks().tolist() == [2, 3, 4]


def test_without_an_elbow_the_figure_says_so_and_marks_nothing() -> None:
    (axes,) = draw_elbow({"core, standard": INERTIA}, {"core, standard": None}).axes
    assert axes.get_title() == "core, standard\nno clear elbow"
    assert len(axes.lines) == 1


@pytest.mark.parametrize("n_spaces", [1, 2, 4])
def test_each_space_has_a_panel_of_its_own(n_spaces: int) -> None:
    curves = {f"space {number}": INERTIA * (number + 1) for number in range(n_spaces)}
    figure = draw_elbow(curves, dict.fromkeys(curves))
    assert [axes.get_title().partition("\n")[0] for axes in figure.axes] == list(curves)
    assert [axes.lines[0].get_ydata()[0] for axes in figure.axes] == [
        100.0 * (number + 1) for number in range(n_spaces)
    ]


def test_the_highest_silhouette_is_marked() -> None:
    curve = pd.Series([0.3, 0.45, 0.4], index=[2, 3, 4])
    (axes,) = draw_silhouette_curve({"core, standard": curve}).axes
    assert axes.get_title() == "core, standard\nhighest at k = 3"
    assert axes.lines[1].get_xydata().tolist() == [[3, 0.45]]


def candidates_of_two_spaces() -> pd.DataFrame:
    one = pd.DataFrame(
        {
            "space": "core.standard",
            "run_id": ["a", "b"],
            "k": [2, 3],
            "silhouette": [0.3, 0.4],
            "null_silhouette_mean": [0.2, 0.2],
            "null_silhouette_sd": [0.01, 0.02],
            "valley": [0.5, 0.9],
            "stability_min_jaccard": [0.9, 0.8],
            "smallest_share": [0.3, 0.2],
        }
    )
    return pd.concat([one, one.assign(space="activity.standard", run_id=["c", "d"])])


def test_the_choice_has_four_panels_a_space_and_marks_the_chosen_k_in_its_own() -> None:
    figure = draw_structure(candidates_of_two_spaces(), "b", {"valley": 0.8})
    assert len(figure.axes) == 8
    marked = [
        [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1]
        for axes in figure.axes
    ]
    assert marked == [[3]] * 4 + [[]] * 4


def test_thresholds_are_drawn_where_they_are_given() -> None:
    figure = draw_structure(candidates_of_two_spaces(), "b", {"valley": 0.8})
    dashed = [
        [line.get_ydata()[0] for line in axes.lines if line.get_linestyle() == "--"]
        for axes in figure.axes
    ]
    assert dashed == [[], [0.8], [], []] * 2
