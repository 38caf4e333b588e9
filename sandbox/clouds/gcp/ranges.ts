import * as cidr from "../../../components/host/gke/network/cidr";

/** Whether two ranges have an address in common; what is no range (`10.0.0.0/20` is one) has none. */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [cidr.networkOf(left), cidr.networkOf(right)];
  return a !== undefined && b !== undefined && cidr.overlap(a, b);
}

/** Whether all of `inner` is in `outer`. */
export function withinRange(inner: string, outer: string): boolean {
  const [a, b] = [cidr.networkOf(inner), cidr.networkOf(outer)];
  return a !== undefined && b !== undefined && cidr.isWithin(a, b);
}

/** The first address that can be given to anyone: Google's gateway. */
export function gatewayOf(range: string): string {
  return cidr.formatAddress((cidr.networkOf(range)?.first ?? 0) + 1);
}
