import { ApiException } from "@kubernetes/client-node";
import { ApiError } from "./keeper/api";

/** As good as done: what is to be made is there already, or has just been changed (409), what is to be removed is not (404). */
export async function unless(code: 404 | 409, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const isAnswer = error instanceof ApiException || error instanceof ApiError;
    if (!(isAnswer && error.code === code)) throw error;
  }
}
