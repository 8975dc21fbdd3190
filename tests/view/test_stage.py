"""The mount holds Streamlit, whose version is pinned, to the parts of it that are not public."""

import zlib
from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.testing.v1 import AppTest

from convview.params import Slide
from convview.scenes import slide
from convview.stage import COMPONENTS, HERE, PACKAGE, STAGE, _packed

APP = Path(__file__).parents[2] / "app.py"


def test_the_browser_files_are_served_from_their_folder():
    manager = BidiComponentManager()
    manager.register_from_manifest(
        ComponentManifest(PACKAGE, "1", [ComponentConfig("stage", "browser")]), HERE
    )
    assert Path(manager.get_component_path(STAGE)) == HERE / "browser"


def test_no_code_travels_with_the_data():
    protos = []
    for page in ("pages/slide.py", "pages/filters.py", "pages/shapes.py", "pages/exercises.py"):
        app = AppTest.from_file(APP, default_timeout=20)
        app.query_params["row"] = "C6"
        app.switch_page(page)
        app.run()
        protos += [one.proto for one in app.get("bidi_component")]
    assert {proto.component_name for proto in protos} == {
        f"{PACKAGE}.{name}" for name in COMPONENTS
    }
    for proto in protos:
        assert (proto.js_content, proto.css_content) == ("", "")
        assert (HERE / "browser" / proto.js_source_path).is_file()


def test_the_browser_never_writes_html():
    for file in (HERE / "browser").glob("*.js"):
        text = file.read_text()
        assert "innerHTML" not in text, file
        assert "outerHTML" not in text, file
        assert "insertAdjacentHTML" not in text, file
        assert "http" not in text.replace("http://www.w3.org/2000/svg", ""), file


@pytest.mark.parametrize("size", [3, 64])
def test_a_large_scene_is_compressed(size):
    scene = slide.scene(Slide(size=(size, size)))
    data = _packed(scene.json())
    packed = size == 64
    assert data.startswith(b"{") is not packed
    assert (zlib.decompress(data) if packed else data).decode() == scene.json()
