import { ApiException } from "@kubernetes/client-node";

/** As good as done: what is to be made is there already (409), what is to be removed is not (404). */
export async function unless(code: 404 | 409, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiException && error.code === code)) throw error;
  }
}
