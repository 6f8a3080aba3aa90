"""Free text in arguments arrives as it was given, whatever Hydra's grammar makes of it."""

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tiktok_segments.free_text import FREE_TEXT, quote_free_text

CONF = Path(__file__).resolve().parents[1] / "conf"
PARSER = OverridesParser.create()


def value_in_hydra(argument: str) -> object:
    return PARSER.parse_override(quote_free_text(argument)).value()


@pytest.mark.parametrize(
    "text",
    [
        "export (1).csv",
        "Maya's export.csv",
        "a,b.csv",
        "naïve_é.csv",
        "résumé 🇵🇱.csv",
        "a=b.csv",
        "[a]{b}.csv",
        "#1 & more; really?.csv",
        'the "best".csv',
        "C:\\Users\\Maya\\export.csv",
        "folder\\",
        "it\\'s.csv",
        " led by a space.csv",
        "true",
        "1e5",
        "12e456",
        "007",
        "nan",
        "~/profiles.csv",
        "models:/tiktok-influencer-segments@champion",
    ],
)
@pytest.mark.parametrize("key", ["data.path", "run"])
def test_hydra_takes_free_text_as_it_is(key: str, text: str) -> None:
    assert value_in_hydra(f"{key}={text}") == text


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        st.text("'\"\\ ,()[]{}$=:aé#%@\t", min_size=1),
    )
)
def test_hydra_takes_any_free_text_as_it_is(text: str) -> None:
    assume(text != "null" and not (text[0] == text[-1] and text[0] in "'\""))
    override = PARSER.parse_override(quote_free_text(f"data.path={text}"))
    assert override.value() == text
    # A sweep hands each job the value in words once more.
    again = PARSER.parse_override(f"data.path={override.get_value_element_as_str()}")
    assert again.value() == text


@pytest.mark.parametrize("key", sorted(FREE_TEXT))
@pytest.mark.parametrize("plus", ["", "+", "++"])
def test_every_setting_with_free_text_is_quoted(key: str, plus: str) -> None:
    assert quote_free_text(f"{plus}{key}=a b") == f"{plus}{key}='a b'"


def test_the_settings_with_free_text_hold_paths_addresses_and_identifiers() -> None:
    assert {"data.path", "data.url", "model", "output", "run", "sweep"} <= FREE_TEXT


@pytest.mark.parametrize(
    "argument",
    [
        "k=2,3",
        "k=range(2,11)",
        "features=core,published",
        "scaler.estimator.n_quantiles=50",
        "-m",
        "--help",
        "--config-name=config",
        "experiment=published",
        "~experiment",
        "data.path",
        "data.path=",
        "data.path=null",
        "data.path='already quoted'",
        "hydra/launcher=joblib",
        "k=choice(2,3)",
        'data.path="already quoted"',
    ],
)
def test_everything_else_stays_as_it_is(argument: str) -> None:
    assert quote_free_text(argument) == argument


def test_a_value_of_one_apostrophe_is_no_quoted_value() -> None:
    assert value_in_hydra("run='") == "'"


def test_null_is_nothing_and_quoted_null_is_a_word() -> None:
    assert value_in_hydra("data.path=null") is None
    assert value_in_hydra("data.path='null'") == "null"


@pytest.mark.parametrize("value", ["[", "(", "a (b", "range(2,", "{a", "a]"])
@pytest.mark.parametrize("key", ["k", "naming.templates.size", "+hydra.job.name"])
def test_what_hydra_cannot_read_is_taken_as_text(key: str, value: str) -> None:
    assert value_in_hydra(f"{key}={value}") == value


@pytest.mark.parametrize("name", ["a ${x}", "a \\${x}", "Ana's \\\\${x}", "$5 {a}", "${x}\\"])
def test_a_name_arrives_as_it_was_given(root: Path, name: str) -> None:
    assert root.is_dir()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        assert compose("models", overrides=[quote_free_text(f"to={name}")]).to == name
