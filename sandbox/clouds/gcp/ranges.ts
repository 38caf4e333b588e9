/** Ranges of IPv4 addresses: `10.0.0.0/20`. */
interface Range {
  readonly first: number;
  readonly last: number;
}

function parse(cidr: string): Range {
  const [address = "", bits = "32"] = cidr.split("/");
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

export function overlap(left: string, right: string): boolean {
  const [a, b] = [parse(left), parse(right)];
  return a.first <= b.last && b.first <= a.last;
}

/** Whether all of `inner` is in `outer`. */
export function withinRange(inner: string, outer: string): boolean {
  const [a, b] = [parse(inner), parse(outer)];
  return b.first <= a.first && a.last <= b.last;
}

/** The first address that can be given to anyone: Google's gateway. */
export function gatewayOf(cidr: string): string {
  const address = parse(cidr).first + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
