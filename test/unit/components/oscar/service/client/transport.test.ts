import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { baseUrl, segment } from "../../../../../../components/oscar/service/client/endpoint";
import { ManagerError, ManagerUnreachable } from "../../../../../../components/oscar/service/client/errors";
import { clientOf, serve, thrownBy, type Reply } from "./server";

const info = { version: "4.1.2" };

describe("the address", () => {
  it.each([
    ["http://oscar:8080/", "http://oscar:8080"],
    ["https://example.com:443//", "https://example.com"],
    ["https://example.com/oscar/", "https://example.com/oscar"],
  ])("%s is %s", (endpoint, base) => expect(baseUrl(endpoint)).toBe(base));

  it.each([
    ["oscar.example.com", 'got "oscar.example.com"'],
    ["ftp://oscar", 'got "ftp://oscar"'],
    ["http://oscar/?a=b", 'got "http://oscar/?a=b"'],
    ["http://oscar:hunter2@host", "got an address with credentials in it"],
  ])("%s is refused", (endpoint, got) =>
    expect(() => baseUrl(endpoint)).toThrow(
      `endpoint: ${got}; allowed: the Manager's address without credentials, such as https://oscar.example.com`,
    ),
  );

  it.each(["..", "", "a/b", "a?b", ".x"])("a name like %j leads nowhere", async (name) => {
    const server = await serve();
    expect(() => segment("service", name)).toThrow(`service: got ${JSON.stringify(name)}; allowed: letters`);
    await thrownBy(clientOf(server.url).services.get(name));
    expect(server.calls).toEqual([]);
  });
});

it("finds a name below localhost on this machine, as browsers do", async () => {
  const server = await serve({ status: 200, body: info });
  expect(await clientOf(server.url.replace("127.0.0.1", "oscar.localhost")).info()).toEqual(info);
});

describe("credentials", () => {
  it("basic", async () => {
    const server = await serve({ status: 200, body: info });
    expect(await clientOf(`${server.url}/oscar/`).info()).toEqual(info);
    expect(server.calls[0]).toMatchObject({
      line: "GET /oscar/system/info",
      authorization: `Basic ${Buffer.from("oscar:pa55word").toString("base64")}`,
      contentType: undefined,
    });
  });

  it("a token, asked for before every request", async () => {
    const server = await serve({ status: 200, body: info }, { status: 200, body: info });
    let given = 0;
    const client = clientOf(server.url, { credentials: { kind: "bearer", token: () => `t${++given}\n` } });
    await client.info();
    await client.info();
    expect(server.calls.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("a token that no header can hold is not repeated", async () => {
    const client = clientOf("http://127.0.0.1:1", { credentials: { kind: "bearer", token: () => "a\nb" } });
    expect((await thrownBy(client.info())).message).toBe(
      "token: empty, or with characters that an HTTP header cannot have",
    );
  });
});

describe("what is no success", () => {
  const cases: [Reply, string][] = [
    [{ status: 401 }, "GET /system/info: 401: the Manager does not accept these credentials"],
    [{ status: 404, body: "404 page not found" }, "GET /system/info: 404: 404 page not found"],
    [{ status: 500, body: "{}Error getting data\n" }, "GET /system/info: 500: {}Error getting data"],
    [{ status: 500 }, "GET /system/info: 500: the Manager does not say why"],
  ];
  it.each(cases)("%j", async (reply, message) => {
    const server = await serve(reply);
    expect((await thrownBy(clientOf(server.url).info())).message).toBe(message);
    expect(server.calls).toHaveLength(1);
  });

  it("a redirect is not followed, and its query not shown", async () => {
    const server = await serve({ status: 307, location: "https://other.example.com/login?token=hunter2" });
    expect((await thrownBy(clientOf(server.url).info())).message).toBe(
      `GET /system/info at ${server.url}: redirected to https://other.example.com/login; is this the address of an OSCAR Manager?`,
    );
  });

  const strange: [Reply, string][] = [
    [
      { status: 200, body: "<html>", type: "text/html" },
      "answered success with what is not JSON (text/html)",
    ],
    [{ status: 200, body: { version: 4 } }, "answered JSON of another shape than the Manager's"],
    [{ status: 200 }, "answered success with nothing in it"],
  ];
  it.each(strange)("%j is no Manager's", async (reply, what) => {
    const server = await serve(reply);
    expect((await thrownBy(clientOf(server.url).info())).message).toBe(
      `GET /system/info at ${server.url}: ${what}; is this the address of an OSCAR Manager?`,
    );
  });
});

describe("no answer", () => {
  it("nothing listens", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const error = await thrownBy(clientOf(`http://127.0.0.1:${port}`).services.create({ name: "a" }));
    expect(error.message).toBe(
      `POST /system/services at http://127.0.0.1:${port}: nothing listens there; is the Manager running, and is this its address? (ECONNREFUSED)`,
    );
    expect(error).toMatchObject({ reason: "refused", mayHaveActed: false });
  });

  it("too late, and it is not asked again", async () => {
    const server = await serve("hang");
    const error = await thrownBy(clientOf(server.url, { timeoutMs: 50 }).info());
    expect(error.message).toBe(`GET /system/info at ${server.url}: no answer in time (waited 0.05 s)`);
    expect(error).toMatchObject({ reason: "time-out", mayHaveActed: true });
    expect(server.calls).toHaveLength(1);
  });

  it("cut off: a reading is tried again", async () => {
    const server = await serve("cut off", { status: 200, body: info });
    expect(await clientOf(server.url).info()).toEqual(info);
    const never = await serve("cut off", "cut off", "cut off");
    const error = await thrownBy(clientOf(never.url).info());
    expect(error).toBeInstanceOf(ManagerUnreachable);
    expect(error).toMatchObject({ reason: "cut-off", mayHaveActed: true });
    expect(never.calls).toHaveLength(3);
  });
});

describe("further tries", () => {
  const restarting = "Error getting MinIO data usage: dial tcp 10.0.0.1:9000: connect: connection refused";
  it.each([502, 503, 504])("a reading after %i", async (status) => {
    const server = await serve({ status, body: "bad gateway" }, { status: 200, body: info });
    expect(await clientOf(server.url).info()).toEqual(info);
  });

  it("a reading while MinIO restarts, and no other 500", async () => {
    const server = await serve({ status: 500, body: `{}${restarting}` }, { status: 200, body: [] });
    expect(await clientOf(server.url).buckets.list()).toEqual([]);
    const broken = await serve({ status: 500, body: 'the FDL of the service "hz" cannot be read' });
    await thrownBy(clientOf(broken.url).services.list());
    expect(broken.calls).toHaveLength(1);
  });

  it("no change is sent twice", async () => {
    const replies: Reply[] = [{ status: 502 }, { status: 500, body: restarting }, "cut off"];
    for (const reply of replies) {
      const server = await serve(reply);
      await thrownBy(clientOf(server.url).buckets.create({ bucket_name: "b" }));
      expect(server.lines()).toEqual(["POST /system/buckets"]);
    }
  });
});

describe("secrets in errors", () => {
  it("are nowhere, whether ours or the Manager's", async () => {
    const jwt = "eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl";
    const token = "ab".repeat(32);
    const said = `bad env: canary-1 and canary\\n2, pa55word, ${jwt}, ${token}, {"access_key":"root","secret_key":"minio123"} http://m/o?X-Amz-Signature=f00 nginx@sha256:${token}`;
    const server = await serve({ status: 400, body: said });
    const error = await thrownBy(
      clientOf(server.url).services.create({
        name: "a",
        environment: { variables: { A: "bad env" }, secrets: { S: "canary-1", T: "canary\n2" } },
        storage_providers: { s3: { aws: { access_key: "AKIA", secret_key: "canary-3" } } },
      }),
    );
    expect(error.message).toBe(
      `POST /system/services: 400: bad env: [secret] and [secret], [secret], [secret], [secret], {"access_key":"[secret]","secret_key":"[secret]"} http://m/o?X-Amz-Signature=[secret] nginx@sha256:${token}`,
    );
    const shown = `${inspect(error, { depth: 5, showHidden: true })}${JSON.stringify(error)}${error.stack}`;
    expect(shown).not.toMatch(/canary|pa55word|minio123|eyJ|f00/);
    expect(error instanceof ManagerError && error.says("canary-1")).toBe(true);
  });

  it("a page of a proxy is cut", async () => {
    const server = await serve({ status: 500, body: "x".repeat(5000) });
    expect((await thrownBy(clientOf(server.url).info())).message).toHaveLength(2000 + 1 + 23);
  });
});
