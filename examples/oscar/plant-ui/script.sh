#!/bin/sh
# An image of your own that has Gradio in it starts sooner, and without the network.
pip install --quiet --no-cache-dir --root-user-action=ignore gradio==5.49.1 || exit 1
exec python - <<'PY'
import base64
import os

import gradio as gr
import httpx

endpoint = os.environ["oscar_endpoint"].rstrip("/")
service = os.environ["service"]
tokens = {}


def login(username, password):
    """OSCAR knows who may see the service, and tells them the token that calls it."""
    try:
        answer = httpx.get(f"{endpoint}/system/services/{service}", auth=(username, password), timeout=30)
    except httpx.HTTPError:
        return False
    if answer.status_code != 200:
        return False
    tokens[username] = answer.json()["token"]
    return True


def classify(photo, request: gr.Request):
    with open(photo, "rb") as file:
        body = base64.b64encode(file.read())
    headers = {"Authorization": f"Bearer {tokens[request.username]}"}
    answer = httpx.post(f"{endpoint}/run/{service}", content=body, headers=headers, timeout=300)
    if answer.status_code != 200:
        raise gr.Error(f"OSCAR answered {answer.status_code}: {answer.text}")
    return base64.b64decode(answer.text).decode()


page = gr.Interface(classify, gr.Image(type="filepath"), gr.Textbox(label="Species"), title="Which plant is it?")
page.launch(
    server_name="0.0.0.0",
    server_port=int(os.environ["port"]),
    root_path=os.environ["OSCAR_SERVICE_BASE_PATH"].rstrip("/"),
    auth=login,
)
PY
