import { oscarProviderVersion } from "../../../components/oscar/provider/version";
import { complete, type Provider } from "../../../provider";
import type { OscarManagers } from "./managers";

/** What is played is quick: there is no reason to look seldom. */
const pauses = { pollMs: 100, settleMs: 100 };

/**
 * The provider that users have, with Managers that are played in place of those that its configuration names. It is
 * loaded when it is configured: most programs have no OSCAR in them.
 */
export function playedOscarProvider(managers: OscarManagers): Provider {
  let loading: Promise<Required<Provider>> | undefined;
  const provider = () => (loading ??= load(managers));
  return {
    name: "oscar",
    version: oscarProviderVersion,
    checkConfig: async (request) => (await provider()).checkConfig(request),
    diffConfig: async (request) => (await provider()).diffConfig(request),
    configure: async (config) => (await provider()).configure(config),
    check: async (request) => (await provider()).check(request),
    diff: async (request) => (await provider()).diff(request),
    create: async (request) => (await provider()).create(request),
    read: async (request) => (await provider()).read(request),
    update: async (request) => (await provider()).update(request),
    delete: async (request) => (await provider()).delete(request),
    invoke: async (token, args) => (await provider()).invoke(token, args),
  };
}

async function load(managers: OscarManagers): Promise<Required<Provider>> {
  const { oscarProvider } = await import("../../../components/oscar/provider/oscar-provider.js");
  const { settingsOf } = await import("../../../components/oscar/provider/config.js");
  let apiVersion: string | undefined;
  const provider = complete(
    oscarProvider({ connect: (options) => managers.connect(options, apiVersion), pauses }),
  );
  return {
    ...provider,
    configure: (config) => {
      apiVersion = settingsOf(config)?.apiVersion;
      return provider.configure(config);
    },
  };
}
