import { join } from "node:path";
import { deployedEnvironment } from "./configuration";
import { program } from "./program";

// What `pulumi up` runs: Pulumi calls the function that a CommonJS program exports and takes its result for the
// stack's outputs. A fault in the configuration is thrown before anything is registered.
module.exports = async () => program(deployedEnvironment(join(__dirname, "..", "stacks")));
