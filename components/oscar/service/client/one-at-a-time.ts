/** The last one in line, by key. Shared by all of this process: two clients of one cluster wait for each other. */
const last = new Map<string, Promise<unknown>>();

/** Runs what has the same key one after the other, in the order asked for; a failure does not stop those behind. */
export function oneAtATime<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const before = last.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  const quiet = mine.then(
    () => undefined,
    () => undefined,
  );
  last.set(key, quiet);
  void quiet.then(() => {
    if (last.get(key) === quiet) last.delete(key);
  });
  return mine;
}
