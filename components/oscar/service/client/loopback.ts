import { lookup, type LookupAddress, type LookupOptions } from "node:dns";
import { Agent } from "undici";

const addresses: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

type Found = (error: NodeJS.ErrnoException | null, found: string | LookupAddress[], family?: number) => void;

/**
 * Where a host is. A name below `localhost` is this machine (RFC 6761, 6.3), as browsers have it; the resolvers of many
 * systems know no such name.
 */
function lookUp(host: string, options: LookupOptions, found: Found): void {
  if (!/\.localhost\.?$/i.test(host)) {
    lookup(host, options, found);
    return;
  }
  const [first] = addresses;
  if (options.all === true || first === undefined) found(null, [...addresses]);
  else found(null, first.address, first.family);
}

/** The connections of this process; `fetch` of undici takes it as its dispatcher. */
export const connections = new Agent({ connect: { lookup: lookUp } });
