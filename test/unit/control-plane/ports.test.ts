import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { choosePorts } from "../../../sandbox/control-plane/ports";

const names = ["first", "second", "third"] as const;
const servers: Server[] = [];

async function take(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
}

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

describe("choosePorts", () => {
  it("gives each name a port of its own", async () => {
    const ports = await choosePorts(names, {});
    expect(Object.keys(ports)).toEqual(names);
    expect(new Set(Object.values(ports)).size).toBe(3);
    for (const port of Object.values(ports)) expect(port).toBeGreaterThan(1023);
  });

  it("keeps the ports that are free still, and replaces the one that is not", async () => {
    const before = await choosePorts(names, {});
    await take(before.second);
    const after = await choosePorts(names, before);
    expect(after).toMatchObject({ first: before.first, third: before.third });
    expect(Object.values(before)).not.toContain(after.second);
  });

  it("leaves what it chose free", async () => {
    const { first } = await choosePorts(["first"], {});
    await expect(take(first)).resolves.toBeUndefined();
  });
});
