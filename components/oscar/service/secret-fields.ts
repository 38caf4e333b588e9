/** The arguments that are secrets, whether or not their values come as ones; `*` is any name and any place in a list. */
export const secretFields: readonly (readonly string[])[] = [
  ["environment", "secrets", "*"],
  ["storageProviders", "minio", "*", "accessKey"],
  ["storageProviders", "minio", "*", "secretKey"],
  ["storageProviders", "s3", "*", "accessKey"],
  ["storageProviders", "s3", "*", "secretKey"],
  ["storageProviders", "onedata", "*", "token"],
  ["storageProviders", "webdav", "*", "password"],
  ["storageProviders", "rucio", "*", "refreshToken"],
  ["clusters", "*", "authPassword"],
  ["federation", "members", "*", "headers", "*"],
  // Where the keys of a hub of models are.
  ["kserve", "env", "*"],
];

type Places = typeof secretFields;

/** The arguments with another value in the place of each secret; `path` is where it stands. */
export function replaceSecrets(
  args: object,
  replacement: (value: unknown, path: readonly string[]) => unknown,
): unknown {
  return replaced(args, secretFields, []);

  function replaced(value: unknown, places: Places, path: readonly string[]): unknown {
    if (value === undefined || places.length === 0) return value;
    if (places.some((place) => place.length === 0)) return replacement(value, path);
    const inside = (name: string, each: unknown) => replaced(each, within(places, name), [...path, name]);
    if (Array.isArray(value)) return value.map((each, index) => inside(String(index), each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inside(name, each)]));
  }
}

/** Those of the places that are in a field, as seen from there. */
export const within = (places: Places, name: string): Places =>
  places.filter(([first]) => first === name || first === "*").map(([, ...rest]) => rest);
