import type { Properties } from "../../../provider";
import { dsRecord, hexDigits } from "../domain-names";
import { textAt } from "../kubernetes/objects";
import type { Resources } from "../resource-store";
import { awsError, type Behaviour } from "./behaviour";
import { bareZoneId, inZone, signingKeyType, zoneIn } from "./zones";

const route53Error = (operation: string, status: number, code: string, message: string) =>
  awsError("Route 53", operation, status, code, message);

const noZone = (operation: string, zoneId: string) =>
  route53Error(operation, 404, "NoSuchHostedZone", `No hosted zone found with ID: ${zoneId}`);

const isActive = (state: Properties) => (textAt(state, "status") ?? "ACTIVE") === "ACTIVE";

const isSigning = (zoneId: string, resources: Resources) => {
  const signing = resources[dnssecKey(zoneId)];
  return signing !== undefined && (textAt(signing.state, "signingStatus") ?? "SIGNING") === "SIGNING";
};

/** ECDSA on P-256 with SHA-256, number 13: the only one that Route 53 signs with. */
const algorithm = 13;

export const keySigningKey: Behaviour = {
  naming: { property: "name", maxLength: 128 },
  id: (inputs) => `${bareZoneId(textAt(inputs, "hostedZoneId"))},${textAt(inputs, "name")}`,
  exists: (id, inputs) => {
    const message = `Key-signing key with name '${textAt(inputs, "name")}' already exists.`;
    return `creating Route 53 Key Signing Key (${id}): ${route53Error("CreateKeySigningKey", 409, "KeySigningKeyAlreadyExists", message)}`;
  },
  refuse: ({ id, inputs, others, isNew }) => {
    const zoneId = bareZoneId(textAt(inputs, "hostedZoneId"));
    const arn = textAt(inputs, "keyManagementServiceArn") ?? "";
    if (!isNew) return refuseLastInactive(id, inputs, others);
    const error =
      zoneIn(others, zoneId) === undefined
        ? noZone("CreateKeySigningKey", zoneId)
        : faultOfKey(arn, others, (message) =>
            route53Error("CreateKeySigningKey", 400, "InvalidKMSArn", message),
          );
    if (error !== undefined) throw new Error(`creating Route 53 Key Signing Key (${id}): ${error}`);
  },
  outputs: ({ id }) => {
    const { keyTag, digest, record } = dsRecord(id, algorithm);
    const publicKey = Buffer.from(hexDigits(`${id} x`) + hexDigits(`${id} y`), "hex").toString("base64");
    return {
      status: "ACTIVE",
      keyTag,
      digestValue: digest,
      dsRecord: record,
      publicKey,
      dnskeyRecord: `257 3 ${algorithm} ${publicKey}`,
      flag: 257,
      digestAlgorithmMnemonic: "SHA-256",
      digestAlgorithmType: 2,
      signingAlgorithmMnemonic: "ECDSAP256SHA256",
      signingAlgorithmType: algorithm,
    };
  },
  refuseDeletion: ({ id, state, others }) => {
    if (isActive(state)) refuseLastInactive(id, { ...state, status: "INACTIVE" }, others);
  },
};

/** A zone that is signed keeps one active key at least. */
function refuseLastInactive(id: string, inputs: Properties, others: Resources): void {
  const zoneId = bareZoneId(textAt(inputs, "hostedZoneId"));
  if (isActive(inputs) || !isSigning(zoneId, others) || hasActiveKey(zoneId, others)) return;
  const message =
    "The key-signing key (KSK) that you specified can't be deactivated because it's the only KSK for a currently-enabled " +
    "DNSSEC. Disable DNSSEC signing, or add or enable another KSK.";
  throw new Error(
    `deactivating Route 53 Key Signing Key (${id}): ${route53Error("DeactivateKeySigningKey", 400, "KeySigningKeyInUse", message)}`,
  );
}

/** What Route 53 has against a KMS key. Of one that the account's store does not have, nothing is known. */
function faultOfKey(
  arn: string,
  others: Resources,
  invalid: (message: string) => string,
): string | undefined {
  if (arn.split(":")[3] !== "us-east-1")
    return invalid(`The CMK with ARN '${arn}' is not in the US East (N. Virginia) Region.`);
  const key = Object.values(others).find((each) => textAt(each.state, "arn") === arn);
  if (key === undefined) return undefined;
  const spec = textAt(key.state, "customerMasterKeySpec");
  const usage = textAt(key.state, "keyUsage");
  if (spec !== "ECC_NIST_P256" || usage !== "SIGN_VERIFY")
    return invalid(
      `The CMK with ARN '${arn}' has key spec '${spec}' and key usage '${usage}'. DNSSEC needs an ECC_NIST_P256 key for SIGN_VERIFY.`,
    );
  if (textAt(key.state, "policy")?.includes("dnssec-route53.amazonaws.com") !== true)
    return invalid(
      `The CMK with ARN '${arn}' did not grant all required permissions for DNSSEC usage. Please review your key-policy, ` +
        "and verify that you and Route 53 have permissions to perform the following actions: DescribeKey, GetPublicKey, and Sign.",
    );
  return undefined;
}

function hasActiveKey(zoneId: string, resources: Resources): boolean {
  return inZone(resources, zoneId, signingKeyType, "hostedZoneId").some(([, { state }]) => isActive(state));
}

const dnssecKey = (zoneId: string) => `${zoneId}/dnssec`;

export const hostedZoneDnsSec: Behaviour = {
  id: (inputs) => bareZoneId(textAt(inputs, "hostedZoneId")),
  // Its id is the zone's.
  key: dnssecKey,
  outputs: () => ({ signingStatus: "SIGNING" }),
  refuse: ({ id, inputs, others }) => {
    const operation = "EnableHostedZoneDNSSEC";
    const refuse = (error: string) => {
      throw new Error(`enabling Route 53 Hosted Zone DNSSEC (${id}): ${error}`);
    };
    if (zoneIn(others, id) === undefined) refuse(noZone(operation, id));
    if (textAt(inputs, "signingStatus") === "NOT_SIGNING" || hasActiveKey(id, others)) return;
    const message = `Hosted zone with ID '${id}' does not have a Key Signing Key in ACTIVE status.`;
    refuse(route53Error(operation, 400, "KeySigningKeyWithActiveStatusNotFound", message));
  },
};
