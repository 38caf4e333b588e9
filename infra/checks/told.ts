import type { Fault, Path } from "../faults";

/** What a component's check says, in its two parts: `tls.issuer.email: got …` is about `tls.issuer.email`. */
export function partsOf(text: string): { readonly where: string; readonly message: string } {
  const [, where = "", message = text] = /^([^\s:]+): (.*)$/s.exec(text) ?? [];
  return { where, message };
}

/** What a check of one value says, of the place where that value stands in the document. */
export function at(path: Path, check: (where: string) => readonly string[]): Fault[] {
  const where = "value";
  return check(where).map((text) => ({ path, message: text.slice(`${where}: `.length) }));
}
