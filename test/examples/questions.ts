/** Digits that a model is asked for, as its users would: by the API, and by the page. */
export interface Picture {
  /** 28 rows of 28, 0 to 255. */
  readonly pixels: readonly (readonly number[])[];
  /** The same as a person would upload it: larger, and dark on paper. */
  readonly png: string;
  readonly digit: number;
}

/** For Python: pictures that the training has not seen. */
export const drawPictures = `
import base64, io, json
import numpy as np
from PIL import Image
from trainer.data import drawn
data = drawn()
def picture(index):
    light = (data.test_images[index] * 255).clip(0, 255).round()
    file = io.BytesIO()
    paper = np.where(255 - light < 128, 0, 255)
    Image.fromarray(np.kron(paper, np.ones((8, 8))).astype(np.uint8)).save(file, "png")
    png = base64.b64encode(file.getvalue()).decode()
    return {"pixels": light.tolist(), "png": png, "digit": int(data.test_labels[index])}
print(json.dumps([picture(index) for index in range(30)]))
`;

/** How many the API gets right, of all. */
export async function askServer(port: number, pictures: readonly Picture[]): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/model/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ images: pictures.map(({ pixels }, id) => ({ id, pixels })) }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { id: number; digit: number }[] };
  return data.filter(({ id, digit }) => pictures[id]?.digit === digit).length / pictures.length;
}

/** The cookie of a login; the status where it is refused. */
export async function logIn(port: number, username: string, password: string): Promise<string | number> {
  const body = new URLSearchParams({ username, password });
  const answer = await fetch(`http://127.0.0.1:${port}/login`, { method: "POST", body });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  return answer.ok ? cookies.join("; ") : answer.status;
}

/** What the page takes a picture for, by the calls that it makes; the status where it is refused. */
export async function askUi(port: number, { png }: Picture, cookie = ""): Promise<string | number> {
  const headers = { cookie };
  const page = `http://127.0.0.1:${port}/gradio_api`;
  const files = new FormData();
  files.append("files", new Blob([Buffer.from(png, "base64")]), "digit.png");
  const uploaded = await fetch(`${page}/upload`, { method: "POST", headers, body: files });
  if (!uploaded.ok) return uploaded.status;
  const [path] = (await uploaded.json()) as string[];
  const composite = { path, meta: { _type: "gradio.FileData" } };
  const asked = await fetch(`${page}/call/predict`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ data: [{ background: null, layers: [], composite }] }),
  });
  if (!asked.ok) return asked.status;
  const { event_id: event } = (await asked.json()) as { event_id: string };
  const events = await (await fetch(`${page}/call/predict/${event}`, { headers })).text();
  return /event: complete[^]*?"label": ?"(\w+)"/.exec(events)?.[1] ?? events;
}
