import { randomUUID } from "node:crypto";
import { textAt } from "../kubernetes/objects";
import { accountId } from "./account";
import { tagsAll, type Behaviour } from "./behaviour";

export const kmsKey: Behaviour = {
  id: () => randomUUID(),
  outputs: ({ id, inputs, defaults }) => {
    const region = textAt(inputs, "region") ?? defaults.region;
    return {
      keyId: id,
      arn: `arn:aws:kms:${region}:${accountId}:key/${id}`,
      region,
      description: "",
      multiRegion: false,
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      keyUsage: "ENCRYPT_DECRYPT",
      isEnabled: true,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${accountId}:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      }),
    };
  },
  derived: tagsAll,
};

/** Put a second time, it is the same one. */
export const rolePolicy: Behaviour = {
  naming: { property: "name", maxLength: 128 },
  id: (inputs) => `${textAt(inputs, "role")}:${textAt(inputs, "name")}`,
};
