"""Between the visitor and the parameters: widgets, the link, edits. Alone in touching both.

The link is the state. A run begins with `Lesson(page)`: where the visitor has just come to the
page, or gone Back or Forward, the parameters are read from the address; else they are those held
for the session, for while a slider is dragged the browser still sends an address of a moment ago.
Widgets change them through callbacks, so that it is known which one moved. A run of the whole page
brings the address up to date. A run of the live part leaves that until the stage says that it has
come to rest: a slider answers sooner, and a drag leaves one entry in the browser's history instead
of fifty.
"""

import zlib
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from convview import frame, playback, query, stage
from convview.fields import LARGEST, number
from convview.playback import PLAYBACK
from convview.scenes import typed

LAST = 100  # acts that are remembered as refused
TENTHS = "tenths"  # the last of a slider's row whose whole numbers count tenths
OWN, BROUGHT = "own picture", "own file that was read"


@dataclass
class _Held:
    """What a session holds for one page between two runs."""

    params: object
    written: dict  # the query that the address has, or will have
    notices: list = field(default_factory=list)
    place: dict = field(default_factory=dict)  # what the link says of the playback, until told
    ack: int = 0  # the last edit of the stage that was taken in
    acted: int = 0  # the last act of another component that was taken in
    not_taken: list = field(default_factory=list)  # the last acts that were refused
    moves: int = 0  # the last moves of the sliders that were taken in
    visit: int = 0  # how often the parameters were read from the address before
    shown: dict = field(default_factory=dict)  # {label: (what its widget shows, how often set)}
    last_good: object = None
    refused: str = ""  # why what was typed last was not taken
    typed: str = ""  # and the text itself
    shown_apart: object = None
    missed: bool = False  # whether the browser may not have got the last picture


class Lesson:
    """The parameters of one page, and the widgets that change them."""

    def __init__(self, page, live=False):
        frame.ensure()
        self.name = page.__name__.lower()
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        place = {name: asked.pop(name) for name in PLAYBACK if name in asked}
        self._playback = playback.played(place)
        self.present, more = playback.presents(asked)
        key = f"{self.name} lesson"
        held = st.session_state.get(key)
        arrived = not live and (frame.entered() or _navigated())
        if held is None or arrived:
            params, notices = query.read(page, asked)
            notices = typed.mends(params, asked, notices) + more
            clean = {name: [text] for name, text in self._playback.items()} == place and all(
                len(texts) == 1 for texts in asked.values()
            )
            link = {name: texts[-1] for name, texts in asked.items()} if clean else None
            visit = held.visit + 1 if held else 0
            held = _Held(params, link, notices, place, visit=visit)
            st.session_state[key] = held
        self._held = held
        if not live:
            self._write()

    @property
    def params(self):
        return self._held.params

    def has(self, name):
        """Whether this page has a parameter of that name."""
        return name in query.kinds(self.params)

    def range(self, name):
        """(low, high) of a parameter that is whole numbers."""
        kind = query.kinds(self.params)[name]
        return getattr(kind, "low", 0), kind.high

    @property
    def play(self):
        """Where the link says the stage should start."""
        values = {name: PLAYBACK[name].read(text)[0] for name, text in self._playback.items()}
        return {"visit": self._held.visit, **values}

    def place(self, name):
        """A named place of the page, laid out by the frame; controls fold away while presenting."""
        place = st.container(key=name)
        folds = {"sliders": "Controls", "drawer": "More"} if self.present else {}
        return place.popover(folds[name]) if name in folds else place

    def shows(self, apart):
        """Remember what the controls outside the live part show; a whole run says so."""
        self._held.shown_apart = apart

    def settle(self, apart):
        """Draw all anew, if the controls outside the live part should show something else now."""
        missed, self._held.missed = self._held.missed, False
        if missed or self._held.shown_apart != apart:
            st.rerun()

    def change(self, **values):
        """New values for some parameters, each moved inside its range."""
        if values:
            self._held.refused = ""
        self._held.params = query.clamp(replace(self._held.params, **values))

    def slider(self, label, low, high, get, change):
        """A slider of whole numbers; `get(params)` is its value, `change(params, new)` its act."""
        self._widget(st.slider, label, get, change, min_value=low, max_value=high)

    def sliders(self, ranges):
        """Sliders of whole numbers, drawn together: [(label, low, high, get, change, say), ...].

        A row that ends in TENTHS counts tenths.

        `say(params)` is what stands beside it instead of the number, or "". They are what moves
        most, so they are one element of the page instead of several, and the stage speaks for
        them: a move sends the stage alone.
        """
        stage.sliders(self.name, [row[:3] for row in ranges], f"{self.name} sliders")

    def positions(self, ranges):
        """Where those sliders stand, for the stage to say."""
        values = {label: get(self.params) for label, _, _, get, *_ in ranges}
        says = {label: say(self.params) for label, _, _, _, _, say, *_ in ranges}
        tenths = [row[0] for row in ranges if TENTHS in row]
        return {
            "of": self.name, "ack": self._held.moves, "values": values, "says": says,
            "tenths": tenths,
        }  # fmt: skip

    def moves(self, ranges):
        """What the stage calls when those sliders were moved."""

        def moved(count, values):
            if count <= self._held.moves:
                return
            self._held.moves = count
            self._held.notices = []
            for label, low, high, _, change, *_ in ranges:
                value = values.get(label)
                if isinstance(value, int) and low <= value <= high:
                    self.change(**change(self.params, value))

        return moved

    def choice(self, label, words, get, change, **options):
        """A drop-down of words: {word: what is shown}."""
        return self._widget(
            st.selectbox, label, get, change,
            options=list(words), format_func=words.__getitem__, **options,
        )  # fmt: skip

    def several(self, label, words, get, change, **options):
        """Some of these words: {word: what is shown}."""
        return self._widget(
            st.multiselect, label, get, change,
            options=list(words), format_func=words.__getitem__, **options,
        )  # fmt: skip

    def segments(self, label, words, get, change, **options):
        """A few words beside each other, one of them chosen."""
        return self._widget(
            st.segmented_control, label, get, change,
            options=list(words), format_func=words.__getitem__, required=True,
            label_visibility="collapsed", **options,
        )  # fmt: skip

    def toggle(self, label, get, change, **options):
        return self._widget(st.toggle, label, get, change, **options)

    def integer(self, label, low, high, get, change, **options):
        """A field for a whole number."""
        return self._widget(
            st.number_input, label, get, change, min_value=low, max_value=high, step=1, **options
        )

    def _widget(self, kind, label, get, change, **options):
        """A widget that shows `get(params)`.

        Where something else has changed what it shows, it is a new widget with a key of its own:
        the browser may send the old one's value for a while yet, which nobody has chosen now.
        """
        held, value = self._held, get(self.params)
        was, times = held.shown.get(label, (value, 0))
        times += was != value
        held.shown[label] = value, times
        key = f"{self.name} {label} {held.visit}.{times}"
        if key not in st.session_state:
            st.session_state[key] = value

        def moved():
            new = st.session_state[key]
            current = held.shown[label][1] == times  # else it speaks for a widget that is gone
            if new is not None and current:
                held.notices = []
                held.shown[label] = new, times
                self.change(**change(self.params, new))

        kind(label, key=key, on_change=moved, **options)

    def button(self, label, values, key, **options):
        """A button that sets parameters."""

        def pressed():
            self._held.notices, self._held.refused = [], ""
            self.change(**values)

        st.button(label, key=f"{self.name} {key}", on_click=pressed, **options)

    def act(self, label, apply, **options):
        """A button that changes the parameters: `apply(params) -> params`, or ValueError."""
        st.button(label, key=f"{self.name} {label}", on_click=lambda: self._tried(apply), **options)

    def text(self, label, get, apply, **options):
        """A line of text that says something of the parameters, and can be typed anew."""

        def change(params, text):
            self._tried(lambda params: apply(params, text))
            self._held.typed = text
            return {}

        def stands(params):
            return self._held.typed if self._held.refused and self._held.typed else get(params)

        return self._widget(st.text_input, label, stands, change, **options)

    def _tried(self, apply):
        """Apply an act; what it refuses by a ValueError leaves everything as it was."""
        self._held.notices, self._held.refused, self._held.typed = [], "", ""
        try:
            self._held.params = query.clamp(apply(self.params))
        except ValueError as error:
            self._held.refused = str(error)

    def edits(self, apply):
        """What the stage calls when numbers were edited: `apply(params, edit) -> params`."""

        def edited(edits):
            for edit in _numbered(edits):
                value = number(str(edit["text"]))
                if edit["id"] > self._held.ack and value is not None and abs(value) <= LARGEST:
                    self._held.params = apply(self.params, edit, value)
                    self._held.notices = []
                self._held.ack = max(self._held.ack, edit["id"])

        return edited

    def acts(self, apply):
        """What a component calls when something was done to it: `apply(params, act) -> params`.

        What `apply` refuses by a ValueError leaves everything as it was, and is told: `refused`.
        """

        def acted(acts):
            for act in _numbered(acts):
                if act["id"] > self._held.acted:
                    self._tried(lambda params, act=act: apply(params, act))
                    self._held.not_taken += [act["id"]] * bool(self.refused)
                    del self._held.not_taken[:-LAST]
                self._held.acted = max(self._held.acted, act["id"])

        return acted

    @property
    def refused(self):
        return self._held.refused

    @property
    def behind(self):
        """The mark of these parameters while the address does not say them, else 0."""
        link = self._link()
        return 0 if link == self._held.written else _mark(link)

    def rest(self, shown):
        """What the stage calls when nothing has changed for a moment.

        shown : where it stands, and the `behind` of what it shows. If there is something newer by
            now its picture may be lost: Streamlit drops what a run has drawn, if another message
            comes in before that was sent. Then `settle` draws all anew.
        """
        self._held.missed = shown.get("behind") != _mark(self._link())
        self._playback = {name: str(shown[name]) for name in PLAYBACK if name in shown}
        self._write()

    @property
    def ack(self):
        return self._held.ack

    @property
    def acted(self):
        return self._held.acted

    @property
    def not_taken(self):
        """The numbers of the last acts that were refused."""
        return self._held.not_taken

    def held(self, kind, *of):
        """`kind(*of)`, kept for this session as no link can hold it; made anew for another `of`."""
        key = f"{self.name} {kind.__name__}"
        if st.session_state.get(key, (None,))[0] != of:
            st.session_state[key] = of, kind(*of)
        return st.session_state[key][1]

    @property
    def own(self):
        """The picture that the visitor has brought, as a Pillow image, or None; for all pages."""
        return st.session_state.get(OWN)

    def bring(self, picture, name, refused=""):
        """Keep a picture for this session, for no link can hold it, or why it is none.

        name : what tells this file from others
        """
        st.session_state[OWN], st.session_state[BROUGHT] = picture, (name, refused)

    def brought(self, name):
        """None where this file was not brought yet; else why it was refused, or ""."""
        last, refused = st.session_state.get(BROUGHT, (None, ""))
        return refused if last == name else None

    @property
    def last_good(self):
        return self._held.last_good

    def keep(self):
        """Remember these parameters as the last that could be shown."""
        self._held.last_good = self.params

    def notice(self, steps=None):
        """One line about what the link asked and could not have.

        steps : () -> how many steps the stage has; None where there is no stage, and then no place
            of it in the address
        """
        place, self._held.place = self._held.place, {}
        if place:
            self._held.notices += playback.mends(place, steps() if steps else 0)
        if self._playback and not steps:
            self._playback, self._held.written = {}, None
            self._write()
        if self._held.notices:
            st.info("Link mended: " + "; ".join(self._held.notices) + ".")

    def _write(self):
        """Bring the address up to date; what the stage wrote there stays."""
        link = self._link()
        if link != self._held.written:
            self._held.written = link
            st.query_params.from_dict(link | self._playback)

    def _link(self):
        wanted = query.write(self.params)
        if self.present:
            wanted["present"] = "1"
        for name in ("embed", "embed_options"):
            if name in st.query_params:
                wanted[name] = st.query_params[name]
        return wanted


def _mark(link):
    """What tells this query from others."""
    return zlib.crc32(repr(sorted(link.items())).encode())


def _numbered(messages):
    """Those that a component of ours can have sent."""
    one_by_one = messages if isinstance(messages, list) else []
    return [one for one in one_by_one if isinstance(one, dict) and isinstance(one.get("id"), int)]


def _navigated():
    """Whether Back or Forward brought this run about."""
    return get_script_run_ctx().is_history_navigation
