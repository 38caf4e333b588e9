import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchema } from "./json-schema";

// `npm run schema`: after a change to the schema, so that editors know it too (a test tells when it was forgotten).
const file = join(__dirname, "..", "stacks", "environment.schema.json");
writeFileSync(file, `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`);
