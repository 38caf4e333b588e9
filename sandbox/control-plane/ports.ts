import { createServer } from "node:net";

/** Free ports of the loopback interface; the ones used before if they are free still, so that addresses stay. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  before: Partial<Record<Name, number>>,
): Promise<Record<Name, number>> {
  // All are held until all are chosen, so that no two are the same.
  const held = await Promise.all(
    names.map(async (name) => {
      const earlier = before[name];
      const server = (earlier === undefined ? undefined : await listen(earlier)) ?? (await listen(0));
      if (server === undefined) throw new Error("there is no free port on 127.0.0.1");
      return { name, ...server };
    }),
  );
  await Promise.all(held.map(({ close }) => close()));
  return Object.fromEntries(held.map(({ name, port }) => [name, port])) as Record<Name, number>;
}

/** Listens on a port (0: any free one); `undefined` where it is taken. */
function listen(wanted: number): Promise<{ port: number; close: () => Promise<void> } | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
