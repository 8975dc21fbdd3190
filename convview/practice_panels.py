"""One exercise: the question, an answer, hints in steps, the solution and where to see it."""

import re
from dataclasses import dataclass, field

import streamlit as st

from convview import labels, practice, query, stage
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide

PAGES = {Slide: "slide", Gradients: "gradients", Pooling: "pooling", Filters: "filters",
         Shapes: "shapes", Calculus: "calculus"}  # fmt: skip
_ROW = r"\[−?\d[\d.]*(?:, −?\d[\d.]*)*\]"
MATRIX = re.compile(rf"(\[{_ROW}(?:, {_ROW})*\])")  # rows of numbers, as `listed` writes them
LEVELS = {1: "first steps", 2: "needs care", 3: "hard"}
EVERY = "All topics"
EXAMPLES = "A2", "E5"  # answered by one number; one that is not being asked


@dataclass
class Progress:
    """What a visitor has done on this page; it stays in the session, and nothing is sent.

    tried : {(row, seed): what was typed last}; hints : {(row, seed): how many are open}
    """

    solved: set = field(default_factory=set)
    shown: set = field(default_factory=set)
    tried: dict = field(default_factory=dict)
    hints: dict = field(default_factory=dict)


def chooser(here, progress):
    """Which exercises are offered, which one it is, and how far the visitor has come."""
    if not here.params.rows:
        topics = {topic: topic for topic in (EVERY, *practice.TOPICS)}
        here.choice("Topic", topics, lambda p: p.topic or EVERY, _turn_to_topic)
    offered = {one.row: _name(one) for one in here.params.offered}
    here.choice("Exercise", offered, lambda p: p.row,
                lambda p, new: {"row": new, "seed": 0} if new in offered else {})  # fmt: skip
    solved = {row for row, _ in progress.solved} & set(offered)
    st.progress(len(solved) / len(offered), f"{len(solved)} of {len(offered)} solved")
    st.caption(
        "Progress stays on this page: no account, nothing is kept, so a reload clears it. The "
        "letters A to E stand for five courses, the numbers for their questions."
    )


def drawer(here):
    """A worked example, and a list for a link."""
    with st.expander("A worked example"):
        asked = practice.question(next(row for row in EXAMPLES if row != here.params.row))
        _text(asked.words)
        for sentence in (*asked.hints, *asked.solution):
            _text(sentence)
        st.text(f"So {labels.label(asked.answer)} is typed, and checked.")
    with st.expander("A list of your own, as a link"):
        here.several(
            "Exercises", {row: _name(one) for row, one in practice.EXERCISES.items()},
            lambda p: list(p.rows), lambda p, new: _offering(p, rows=tuple(new)),
        )  # fmt: skip
        st.caption("The address holds the list: copy it for your class.")


def _offering(params, **values):
    """Other exercises are offered; the one that is shown stays if it is among them."""
    offered = practice.offered(**{"topic": params.topic, "rows": params.rows} | values)
    first, *_ = rows = [one.row for one in offered]
    return values | ({} if params.row in rows else {"row": first, "seed": 0})


def _turn_to_topic(params, new):
    return _offering(params, topic="" if new == EVERY else new)


def _name(exercise):
    return f"{exercise.row}: {exercise.title}"


def sheet(here):
    """All that are offered, one below the other, for the printer."""
    with_solutions = here.params.view == "solutions"
    st.caption(_whose(here.params.seed))
    for one in here.params.offered:
        asked = practice.question(one.row, here.params.seed)
        st.markdown(f"**{one.row}. {one.title}**")
        _text(asked.words)
        _space(asked, with_solutions)
        if with_solutions:
            _worked(one, asked)
    with st.container(horizontal=True):
        _others(here)
    st.caption("Print it with your browser: the controls stay off the paper.")


def _space(asked, filled):
    """Where an answer goes on paper, with the right one or without."""
    if asked.options:
        lines = [
            f"{_box(filled and place == asked.answer)} {option}"
            for place, option in enumerate(asked.options)
        ]
    elif asked.board:
        lines = [
            " ".join(f"{text:>3} {_box(filled and mark)}" for text, mark in zip(*row, strict=True))
            for row in zip(asked.board, asked.answer, strict=True)
        ]
    elif filled:
        return
    else:
        lines = ["Answer: " + "_" * 40]
    st.text("\n".join(lines))


def _box(ticked):
    return "☑" if ticked else "☐"


def _worked(exercise, asked):
    for sentence in asked.solution:
        _text(sentence)
    if exercise.slip:
        _text(f"Commonly got wrong: {exercise.slip}.")


def _text(words):
    """A sentence, with the matrices in it as matrices."""
    st.markdown(_markdown(words))


def _markdown(words):
    parts = MATRIX.split(words)
    return "".join(_latex(part) if n % 2 else _plain(part) for n, part in enumerate(parts))


def _plain(words):
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:^])", r"\\\1", words)


def _latex(matrix):
    rows = matrix.strip("[]").replace("−", "-").replace("], [", r" \\ ").replace(", ", " & ")
    return rf"$\begin{{bmatrix}} {rows} \end{{bmatrix}}$"


def _whose(seed):
    return f"Fresh numbers, seed {seed}." if seed else "The numbers of the course."


def _others(here):
    """Fresh numbers, and back."""
    seed = here.params.seed
    here.button("Another one", {"seed": seed % 9999 + 1}, "another")
    if seed:
        here.button("The course's numbers", {"seed": 0}, "course")


def exercise(here, progress):
    """The question and all that belongs to it."""
    chosen, seed = practice.EXERCISES[here.params.row], here.params.seed
    row, _ = key = chosen.row, seed
    asked = practice.question(row, seed)
    st.header(f"{row}: {chosen.title}", anchor=False)
    st.caption(f"{chosen.topic}, {LEVELS[chosen.level]}. {_whose(seed)}")
    _text(asked.words)
    if asked.kind in ("matrix", "cells"):
        _in_cells(here, progress, key, asked)
    else:
        _in_words(progress, key, asked)
    _verdict(progress, key, asked)
    _hints(progress, key, asked)
    with st.container(horizontal=True):
        _others(here)


def _in_words(progress, key, asked):
    """A line to type, or options to choose from."""
    name = "exercises answer {} {}".format(*key)
    spelling = practice.SPELLINGS[asked.kind]
    before = progress.tried.get(key, "")
    with (
        st.form(f"form of {name}", border=False),
        st.container(horizontal=asked.kind != "choice", vertical_alignment="bottom"),
    ):
        if asked.kind == "choice":
            st.session_state.setdefault(name, int(before) if before else None)
            chosen = st.radio(
                "Your answer", range(len(asked.options)), key=name,
                format_func=asked.options.__getitem__,
            )  # fmt: skip
            typed = "" if chosen is None else str(chosen)
        else:
            st.session_state.setdefault(name, before)  # gone while another page was shown
            typed = st.text_input(f"Your answer: {spelling}", max_chars=500, key=name)
        if st.form_submit_button("Check"):
            progress.tried[key] = typed


def _in_cells(here, progress, key, asked):
    """A matrix to type, or cells to mark."""
    of = " ".join(map(str, key))

    def answered(params, act):
        if act.get("of") == of:
            progress.tried[key] = str(act.get("text", ""))[: practice.LONGEST]
        return params

    stage.answer(
        of, progress.tried.get(key, ""), asked.board, "exercises cells", ack=here.acted,
        on_act=here.acts(answered), visit=here.play["visit"],
    )  # fmt: skip


def _verdict(progress, key, asked):
    if key not in progress.tried:
        return
    verdict = practice.check(asked, progress.tried[key])
    if verdict.right:
        st.success(_markdown(verdict.words))
        if key not in progress.solved:
            progress.solved.add(key)
            st.rerun()  # the list has a tick more
    elif verdict.right is None:
        st.info(_markdown(verdict.words))
    else:
        st.warning(_markdown(verdict.words))


def _hints(progress, key, asked):
    """Two hints, one after the other, then the solution."""
    open_ = progress.hints.get(key, 0)
    for number, hint in enumerate(asked.hints[:open_], 1):
        _text(f"Hint {number}: {hint}")
    solved = key in progress.solved or key in progress.shown
    with st.container(horizontal=True):
        if open_ < len(asked.hints) and not solved:
            st.button(f"Hint {open_ + 1}", on_click=lambda: progress.hints.update({key: open_ + 1}))
        if not solved:
            st.button("Show the solution", on_click=lambda: progress.shown.add(key))
    if solved:
        _solution(key, asked)


def _solution(key, asked):
    st.markdown("**Worked solution**")
    if asked.kind in ("cells", "choice"):
        _space(asked, filled=True)
    _worked(practice.EXERCISES[key[0]], asked)
    page = PAGES[type(asked.params)]
    st.page_link(
        f"pages/{page}.py", label=f"See it on the {page} page",
        query_params=query.write(asked.params),
    )  # fmt: skip
