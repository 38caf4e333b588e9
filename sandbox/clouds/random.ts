import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { diffByEquality, Secret, type Properties, type Provider, type Value } from "../../provider";

/** Pulumi's `random` package, the resources that have an obvious meaning; random by the machine's own source. */
export function randomProvider(version: string): Provider {
  return {
    name: "random",
    version,
    diff: (request) => {
      const { changes, detailed = {} } = diffByEquality(request);
      // A random value never changes in place: whoever uses the old one would not hear of it.
      const replaced = Object.entries(detailed).map(
        ([key, { kind }]) => [key, { kind, replaces: true }] as const,
      );
      return { changes, detailed: Object.fromEntries(replaced) };
    },
    create: ({ type, inputs, preview }) => {
      if (preview) return { id: "", state: inputs };
      const made = values(type, inputs);
      return { id: made.id, state: { ...inputs, ...made.state } };
    },
  };
}

function values(type: string, inputs: Properties): { id: string; state: Properties } {
  const length = Number(inputs["length"] ?? 16);
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      // As in the genuine provider, the id does not give the password away.
      return {
        id: "none",
        state: {
          result: new Secret(text(length, inputs)),
          bcryptHash: new Secret(randomBytes(30).toString("base64")),
        },
      };
    case "random:index/randomString:RandomString": {
      const result = text(length, inputs);
      return { id: result, state: { result } };
    }
    case "random:index/randomId:RandomId":
      return identifier(randomBytes(Number(inputs["byteLength"] ?? 8)), String(inputs["prefix"] ?? ""));
    case "random:index/randomUuid:RandomUuid": {
      const result = randomUUID();
      return { id: result, state: { result } };
    }
    case "random:index/randomInteger:RandomInteger": {
      const result = randomInt(Number(inputs["min"] ?? 0), Number(inputs["max"] ?? 2 ** 31) + 1);
      return { id: String(result), state: { result } };
    }
    case "random:index/randomPet:RandomPet": {
      const { prefix, separator = "-" } = inputs;
      const words = Array.from(
        { length: Number(inputs["length"] ?? 2) },
        () => petWords[randomInt(petWords.length)] ?? "",
      );
      return {
        id: [...(prefix === undefined ? [] : [String(prefix)]), ...words].join(String(separator)),
        state: {},
      };
    }
    default:
      throw new Error(`the simulated random provider has no ${type}`);
  }
}

function identifier(bytes: Buffer, prefix: string): { id: string; state: Properties } {
  const b64Url = bytes.toString("base64url");
  return {
    id: b64Url,
    state: {
      b64Url: prefix + b64Url,
      b64Std: prefix + bytes.toString("base64"),
      hex: prefix + bytes.toString("hex"),
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
    },
  };
}

const petWords = [
  "able",
  "brave",
  "calm",
  "eager",
  "fair",
  "glad",
  "keen",
  "kind",
  "neat",
  "proud",
  "swift",
  "warm",
];

const classes = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
};

/** A text of the classes asked for (all by default), the required minimum of each among them, in random order. */
function text(length: number, inputs: Properties): string {
  const special = String(plain(inputs["overrideSpecial"]) ?? "!@#$%&*()-_=+[]{}<>:?");
  const sets = Object.entries({ ...classes, special }).filter(([name]) => plain(inputs[name]) !== false);
  const minimum = ([name]: [string, string]) =>
    Number(plain(inputs[`min${name[0]?.toUpperCase()}${name.slice(1)}`]) ?? 0);
  const pick = (letters: string) => letters[randomInt(letters.length)] ?? "";
  const required = sets.flatMap((set) => Array.from({ length: minimum(set) }, () => pick(set[1])));
  const all = sets.map(([, letters]) => letters).join("");
  const rest = Array.from({ length: Math.max(0, length - required.length) }, () => pick(all));
  return shuffle([...required, ...rest]).join("");
}

function plain(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? value.value : value;
}

function shuffle(letters: readonly string[]): string[] {
  return letters
    .map((letter) => ({ letter, order: randomInt(2 ** 32) }))
    .sort((a, b) => a.order - b.order)
    .map(({ letter }) => letter);
}
