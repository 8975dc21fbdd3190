"""The settings that the app's speed, privacy and reproducibility rest on."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from streamlit import config

ROOT = Path(__file__).parents[1]
EXACT = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+(; sys_platform [!=]= \"\w+\")?")


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Streamlit's options as `streamlit run` reads them in the repository's root."""
    monkeypatch.chdir(ROOT)
    config.get_config_options(force_reparse=True)
    yield
    monkeypatch.undo()
    config.get_config_options(force_reparse=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("runner.postScriptGC", False),
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
        ("client.toolbarMode", "minimal"),
        ("server.headless", True),
        ("server.fileWatcherType", "none"),
        ("server.maxUploadSize", 20),
    ],
)
@pytest.mark.usefixtures("options")
def test_option(name: str, value: object) -> None:
    assert config.get_option(name) == value
    assert config.get_where_defined(name) == str(ROOT / ".streamlit" / "config.toml")


@pytest.mark.usefixtures("options")
def test_address_is_left_to_the_command_line() -> None:
    assert config.get_option("server.address") is None


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_exact(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    loose = [line for line in lines if line and not EXACT.fullmatch(line)]
    assert loose == (["-r requirements.txt"] if name == "requirements-dev.txt" else [])


def test_installed_streamlit_is_the_pinned_one() -> None:
    assert f"streamlit=={version('streamlit')} " in (ROOT / "requirements.txt").read_text()
