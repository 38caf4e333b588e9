"""`python -m mnist.classify PICTURE`: what the model takes a picture for, as JSON; for scripts, such as an OSCAR service's."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .faults import SettingFault, run


def main() -> None:
    import numpy as np
    from PIL import Image

    from .model import load_model
    from .pixels import normalised

    if len(sys.argv) != 2:
        raise SettingFault("usage: python -m mnist.classify PICTURE")
    try:
        with Image.open(sys.argv[1]) as picture:
            pixels = normalised(np.asarray(picture.convert("RGBA")))
    except OSError as error:
        raise SettingFault(f"{sys.argv[1]} is not a picture that can be read: {error}") from error
    model = load_model(Path(os.environ.get("MODEL_PATH") or "/models/model.pt"))
    found = [round(float(value), 6) for value in model.probabilities(pixels[None])[0]]
    print(json.dumps({"digit": int(np.argmax(found)), "probabilities": found}))


if __name__ == "__main__":
    run(main)
