"""
`python -m ui.oscar`: the page for a service of an OSCAR cluster. People log in with the name and the password that they
have there; the UI asks OSCAR, and keeps no passwords of its own. The service (`OSCAR_SERVICE`) gets the drawing as a PNG of
28 by 28 pixels, and answers `{"probabilities": [ten numbers]}`, as `python -m mnist.classify FILE` prints it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mnist.faults import run

from .settings import read_listen, read_oscar
from .stop import end_at_sigterm

# Before Gradio is imported, which takes seconds.
end_at_sigterm()

if TYPE_CHECKING:
    import gradio as gr


def main() -> None:
    endpoint, service = read_oscar(os.environ)
    listen = read_listen(os.environ)

    import gradio

    from .oscar_cluster import Oscar
    from .page import digit_of, serve

    oscar = Oscar(endpoint, service)
    print(f"service {service} of OSCAR at {endpoint}", flush=True)

    def answer(drawing: dict[str, Any] | None, request: gr.Request) -> dict[str, float]:
        return digit_of(drawing, lambda pixels: oscar.probabilities(request.username or "", pixels))

    # Gradio knows by this that it is to hand over the request; in this file, annotations are texts.
    answer.__annotations__["request"] = gradio.Request
    serve(answer, listen, oscar.login)


run(main)
