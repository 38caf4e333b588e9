"""`python -m ui`: the page; `python -m ui.oscar` is the one for OSCAR."""

from __future__ import annotations

from mnist.faults import run

from .stop import end_at_sigterm

# Before Gradio is imported, which takes seconds.
end_at_sigterm()


def main() -> None:
    import os

    from .settings import read_listen, read_login

    login, listen = read_login(os.environ), read_listen(os.environ)

    from .answers import find_answers
    from .page import digit_of, serve

    answers = find_answers(os.environ)
    print(answers.told(), flush=True)
    serve(lambda drawing: digit_of(drawing, answers.probabilities), listen, login)


run(main)
