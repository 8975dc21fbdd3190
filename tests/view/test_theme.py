"""The colour table: readable, told apart by everyone, the same in Python, browser and frame."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from convview import theme
from convview.theme import ANCHORS, COLOUR, FILL, FRAME, ZERO, level, rgb

ROLES = ("input", "kernel", "output", "upstream")
# Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15(6), 2009: severity 1.0, applied to linear RGB.
VISION = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [  # sRGB to XYZ, D65, IEC 61966-2-1
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
both_themes = pytest.mark.parametrize("mode", ["light", "dark"])
every_vision = pytest.mark.parametrize("vision", list(VISION))


def cielab(colour, vision="normal"):
    seen = np.clip(VISION[vision] @ theme.linear(colour), 0, 1)
    xyz = XYZ @ seen / (0.95047, 1, 1.08883)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def de2000(one, other):
    """CIEDE2000 of two CIELAB colours (Sharma, Wu, Dalal, Color Res. Appl. 30(1), 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 1.5 - 0.5 * np.sqrt(c7 / (c7 + 25**7))
    c1, c2 = np.hypot(g * a1, b1), np.hypot(g * a2, b2)
    h1 = np.degrees(np.arctan2(b1, g * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, g * a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm, hm = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(k * np.cos(np.radians(n * hm + at)) for k, n, at in waves)
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    twist = np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2))))
    rt = -2 * np.sqrt(cm**7 / (cm**7 + 25**7)) * twist
    x, y, z = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return np.sqrt(x * x + y * y + z * z + rt * y * z)


def hue(colour):
    _, a, b = theme.oklab(colour)
    return np.degrees(np.arctan2(b, a)) % 360


def test_de2000_gives_the_published_numbers():
    pairs = [  # rows 1, 7, 14, 17 and 24 of the table in Sharma et al.
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (50, 3.2592, 0.3350), 1.0),
    ]
    for one, other, published in pairs:
        assert de2000(one, other) == pytest.approx(published, abs=5e-5)


@both_themes
@every_vision
def test_a_small_minus_and_a_small_plus_are_told_apart(mode, vision):
    minus, plus = (cielab(FILL[mode][level(value, 1)], vision) for value in (-0.3, 0.3))
    assert de2000(minus, plus) >= 20


@both_themes
def test_digits_can_be_read_on_all_256_fills(mode):
    for fill, ink in (theme.cell(k, mode) for k in range(256)):
        assert theme.contrast(rgb(fill), rgb(ink)) >= 4.5


@both_themes
def test_one_half_mirrors_the_other_and_grows_evenly_from_the_surface(mode):
    lab = theme.oklab(FILL[mode])
    assert theme.cell(ZERO, mode)[0] == COLOUR[mode]["surface"]
    far = np.linalg.norm(lab - lab[ZERO], axis=1)
    even = theme.REACH[mode] * np.abs(np.arange(256) - ZERO) / theme.STEPS
    assert far[1:] == pytest.approx(even[1:], abs=0.004)  # eight bits per channel
    away = lab[:, 0] - lab[ZERO, 0]
    away = away * np.sign(away[255])
    for half in (away[ZERO:], away[ZERO:0:-1]):
        assert (np.diff(half) > -0.001).all()  # eight bits per channel
        assert (half[4:] > half[:-4]).all()


@both_themes
@pytest.mark.parametrize("sign", [1, -1])
def test_the_anchors_lead_away_from_the_surface_and_far_enough(mode, sign):
    lab = theme.oklab([rgb(anchor) for anchor in ANCHORS[mode][sign]])
    far = np.linalg.norm(lab - lab[0], axis=1)
    assert (np.diff(far) > 0).all()
    assert far[-1] >= theme.REACH[mode]


@both_themes
def test_every_text_colour_can_be_read_wherever_it_stands(mode):
    for name in (*ROLES, *theme.SAME, "text", "muted", "pad", "focus"):
        for ground in ("page", "surface"):
            assert theme.contrast(rgb(COLOUR[mode][name]), rgb(COLOUR[mode][ground])) >= 4.5


@both_themes
@every_vision
def test_roles_are_told_apart(mode, vision):
    for one, other in itertools.combinations(ROLES, 2):
        seen = (cielab(rgb(COLOUR[mode][role]), vision) for role in (one, other))
        assert de2000(*seen) >= 13, (one, other)


@both_themes
def test_no_role_has_the_hue_of_a_large_value(mode):
    for role, end in itertools.product(ROLES, (1, 255)):
        turn = (hue(rgb(COLOUR[mode][role])) - hue(FILL[mode][end]) + 180) % 360 - 180
        assert abs(turn) >= 30, (role, end)


def test_levels_are_symmetric_and_zero_is_the_centre():
    values = np.linspace(-3, 3, 1001)
    levels = level(values, 3).astype(int)
    assert levels.tolist() == (2 * ZERO - levels[::-1]).tolist()
    assert (levels[0], levels[500], levels[1000]) == (1, ZERO, 255)
    assert (np.diff(levels) >= 0).all()
    assert level(np.zeros((2, 3)), 1).shape == (2, 3)
    assert type(level(-0.0, 1)) is int


@pytest.mark.parametrize("vmax", [0, -1, np.inf, np.nan])
def test_without_a_scale_every_level_is_the_centre(vmax):
    assert level([-1, 0, 1e300, np.inf], vmax).tolist() == [ZERO] * 4


def test_extreme_values_keep_their_sign():
    tiny = 5e-324
    assert level([-tiny, tiny, -1e-9, 1e-9], 1e300).tolist() == [127, 129, 127, 129]
    assert level([-1e300, 1e300, -np.inf, np.inf, np.nan], tiny).tolist() == [1, 255, 1, 255, ZERO]
    assert level([-1e300, 5e299], 1e300).tolist() == [1, 192]


def test_a_count_uses_the_positive_half():
    assert level([0, 1, 9], 9).tolist() == [ZERO, 142, 255]


def test_the_browser_has_the_same_table():
    assert theme.PALETTE_JS.read_text(encoding="utf-8") == theme.palette_js()
    assert theme.palette_js().count("\n    ink: ") == 2  # no colour may hide behind a scale's name


@both_themes
def test_the_frame_has_the_same_table(mode):
    settings = Path(theme.__file__).parents[1] / ".streamlit" / "config.toml"
    committed = tomllib.loads(settings.read_text(encoding="utf-8"))["theme"][mode]
    assert {key: committed.get(key) for key in FRAME[mode]} == FRAME[mode]


@both_themes
def test_buttons_and_the_frames_accent_can_be_read(mode):
    colours, accent = COLOUR[mode], rgb(FRAME[mode]["primaryColor"])
    assert theme.contrast(rgb(colours["text"]), rgb(colours["page"])) >= 4.5  # Play
    for ground in ("page", "surface"):
        assert theme.contrast(accent, rgb(colours[ground])) >= 4.5  # a slider's value
    assert theme.contrast(accent, rgb("#ffffff")) >= 3  # the tick of a check box
