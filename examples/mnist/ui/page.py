"""The page: draw a digit or upload a picture of one, and see how likely each digit is."""

from __future__ import annotations

import os
from typing import Any, Callable

# Gradio reads it when it is imported.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
import numpy as np

from mnist.faults import Fault
from mnist.pixels import Pixels, normalised

from .settings import Listen

Login = tuple[str, str] | Callable[[str, str], bool] | None
#: What says how likely each digit is; with OSCAR, for the person who asks.
Predict = Callable[[Pixels], list[float]]
#: Uploads lie in /tmp, and are gone after a day at most.
DELETE_AFTER_SECONDS = 86_400


def serve(answer: Callable[..., dict[str, float]], listen: Listen, login: Login) -> None:
    """Serves the page, until the program is told to end. `answer` gets the sketchpad's value."""
    page = gr.Interface(
        fn=answer,
        inputs=gr.Sketchpad(
            label="A digit",
            canvas_size=(280, 280),
            sources=("upload", "clipboard"),
            brush=gr.Brush(default_size=22, colors=["#000000"], color_mode="fixed"),
            layers=False,
            transforms=(),
        ),
        outputs=gr.Label(label="The model takes it for", num_top_classes=10),
        title="Which digit is it?",
        description="Draw one, or upload a picture of one.",
        submit_btn="Ask the model",
        flagging_mode="never",  # else it writes what people draw to the disk
        api_name="predict",
        delete_cache=(3600, DELETE_AFTER_SECONDS),
    )
    page.launch(
        server_name=listen.host,
        server_port=listen.port,
        auth=login,
        max_file_size="5mb",
        ssr_mode=False,
        footer_links=["api"],
        # Fonts of this machine: nothing on the page is fetched from elsewhere.
        theme=gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
    )


def digit_of(drawing: dict[str, Any] | None, predict: Predict) -> dict[str, float]:
    """What Gradio shows: digits with their probabilities. Faults become a line on the page."""
    pixels = pixels_of(drawing)
    try:
        found = predict(pixels)
    except Fault as fault:
        print(fault, flush=True)
        raise gr.Error(str(fault)) from fault
    return {str(digit): probability for digit, probability in enumerate(found)}


def pixels_of(drawing: dict[str, Any] | None) -> Pixels:
    """Of a sketchpad's value, which has the picture as a person sees it in `composite`."""
    picture = None if drawing is None else drawing.get("composite")
    pixels = np.zeros((1, 1), dtype=np.float32) if picture is None else normalised(np.asarray(picture))
    if not pixels.any():
        raise gr.Error("There is nothing drawn yet.")
    return pixels
