export * from "../../../sandbox/oscar-manager/fake-manager.js";
