import { expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { readStackFile } from "../../../infra/stack-file";
import { programFor } from "../../../sandbox/offline-program";
import { stackFile } from "../../../sandbox/project";
import { run } from "../../support/mocks";

it("makes services that a document takes over, for a simulated OSCAR has none", async () => {
  const { document } = readStackFile(stackFile("oscar-services")) as { document: Document };
  const oscarServices = { ...document.oscarServices, import: ["nginx"] };
  const environment = () =>
    parseEnvironment({ ...document, oscarServices }, { where: "here", allowPlaceholders: true });
  expect(environment().oscarServices?.import).toEqual(["nginx"]);
  const { registered } = await run(true, programFor(environment, { assume: async () => undefined }));
  const nginx = registered.find(({ name }) => name === "services-nginx");
  expect(nginx?.options).toEqual({ deleteBeforeReplace: true });
});
interface Document {
  readonly oscarServices: object;
}
