import { isProperties, reveal, revealAll, Secret, type Properties } from "../../../../provider";

/*
 * The Manager does not tell the values of secrets. After an import they are blank in the state, while the inputs may have
 * values from the program, which the Manager was never sent: they are taken for a change until an update sends them.
 */

/** Old inputs, without marks of secrecy, with the secrets as they were really sent. */
export function asSent(oldInputs: Properties, oldState: Properties): Properties {
  return withBlanks(revealAll(oldInputs), blanksIn(oldState));
}

/** Inputs for a state, in which secrets that were never sent stay blank. */
export function asStored(inputs: Properties, oldState: Properties): Properties {
  const blanks = blanksIn(oldState).map(([name]) => [name, new Secret("")] as const);
  return withBlanks(inputs, blanks);
}

function blanksIn(state: Properties): (readonly [string, string | Secret])[] {
  return Object.entries(secretsIn(state)).flatMap(([name, value]) =>
    reveal(value) === "" ? [[name, ""] as const] : [],
  );
}

function withBlanks(inputs: Properties, blanks: readonly (readonly [string, string | Secret])[]): Properties {
  const secrets = secretsIn(inputs);
  const replaced = blanks.filter(([name]) => name in secrets);
  if (replaced.length === 0) return inputs;
  const environment = inputs["environment"];
  return {
    ...inputs,
    environment: {
      ...(isProperties(environment) ? environment : {}),
      secrets: { ...secrets, ...Object.fromEntries(replaced) },
    },
  };
}

function secretsIn({ environment }: Properties): Properties {
  const known = environment instanceof Secret ? environment.value : environment;
  const secrets = isProperties(known) ? known["secrets"] : undefined;
  const found = secrets instanceof Secret ? secrets.value : secrets;
  return isProperties(found) ? found : {};
}
