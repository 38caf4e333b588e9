import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  V1Ingress,
  V1Namespace,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
  V1Service,
  V1StorageClass,
} from "@kubernetes/client-node";
import { messageOf } from "../../../components/messages";
import { giveAddresses } from "./addresses";
import { Api } from "./api";
import { attachDisks } from "./attach";
import {
  certificatesPath,
  clusterIssuersPath,
  issueCertificates,
  issuersPath,
  type Certificate,
  type Issuer,
} from "./certificates";
import { classPools, computeClassesPath, type ComputeClass } from "./compute-classes";
import { EventWriter } from "./events";
import { Furniture } from "./furniture";
import { followGateways } from "./gateway-controller";
import { Mirror } from "./mirror";
import { ProjectFile } from "./project";
import { provision } from "./provision";
import { Scaler } from "./scale";

/** How often it looks at the clock and at the project when nothing happens in the cluster. */
const tickMs = 500;

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string", default: "" },
    project: { type: "string", default: "" },
    "idle-seconds": { type: "string", default: "" },
  },
});
const api = new Api(values.kubeconfig);
console.log(`cluster-keeper: plays a cloud's disks and its node autoscaler for ${api.server}`);

let wake: () => void = () => undefined;
const happened = () => wake();
/** One line for a trouble, however often it is met. */
let trouble = "";
const report = (error: unknown) => {
  const message = messageOf(error);
  if (message !== trouble) console.log(`will try again: ${message}`);
  trouble = message;
};

const pods = new Mirror<V1Pod>(happened, report);
const nodes = new Mirror<V1Node>(happened, report);
const claims = new Mirror<V1PersistentVolumeClaim>(happened, report);
const volumes = new Mirror<V1PersistentVolume>(happened, report);
const storageClasses = new Mirror<V1StorageClass>(happened, report);
const computeClasses = new Mirror<ComputeClass>(happened, report);
const services = new Mirror<V1Service>(happened, report);
const ingresses = new Mirror<V1Ingress>(happened, report);
const secrets = new Mirror<V1Secret>(happened, report);
const namespaces = new Mirror<V1Namespace>(happened, report);
const certificates = new Mirror<Certificate>(happened, report);
const issuers = new Mirror<Issuer>(happened, report);
const clusterIssuers = new Mirror<Issuer>(happened, report);
const gateways = followGateways(api, { services, secrets, namespaces }, happened, report);
const mirrors = [
  ...[pods, nodes, claims, volumes, storageClasses, computeClasses],
  ...[services, ingresses, secrets, namespaces, certificates, issuers, clusterIssuers],
  ...gateways.mirrors,
];
const events = new EventWriter(api);
const project = new ProjectFile(values.project);
const furniture = new Furniture(api, nodes);
const scaler = new Scaler(api, events, pods, nodes, Number(values["idle-seconds"]));

async function pass(): Promise<void> {
  await provision(api, pods, claims, storageClasses, volumes);
  await attachDisks(api, events, pods, claims);
  const known = project.project();
  const addresses = known?.addresses ?? [];
  await giveAddresses(api, ingresses, addresses);
  await gateways.tell(addresses);
  await issueCertificates(api, certificates, secrets, {
    issuers: issuers.items,
    clusterIssuers: clusterIssuers.items,
  });
  await furniture.keep(known?.cluster !== undefined);
  if (known === undefined) return;
  const ofClasses = known.cluster === undefined ? [] : classPools(computeClasses.items, known.cluster);
  await scaler.scale([...known.pools, ...ofClasses]);
}

async function keep(): Promise<never> {
  for (;;) {
    const next = new Promise<void>((resolve) => (wake = resolve));
    try {
      if (mirrors.every(({ filled }) => filled)) await pass();
    } catch (error) {
      report(error);
    }
    const tick = new AbortController();
    await Promise.race([next, sleep(tickMs, undefined, { signal: tick.signal }).catch(() => undefined)]);
    tick.abort();
  }
}

void pods.follow(api, "/api/v1/pods");
void nodes.follow(api, "/api/v1/nodes");
void claims.follow(api, "/api/v1/persistentvolumeclaims");
void volumes.follow(api, "/api/v1/persistentvolumes");
void storageClasses.follow(api, "/apis/storage.k8s.io/v1/storageclasses");
void computeClasses.follow(api, computeClassesPath);
void services.follow(api, "/api/v1/services");
void ingresses.follow(api, "/apis/networking.k8s.io/v1/ingresses");
void secrets.follow(api, "/api/v1/secrets");
void namespaces.follow(api, "/api/v1/namespaces");
void certificates.follow(api, certificatesPath);
void issuers.follow(api, issuersPath);
void clusterIssuers.follow(api, clusterIssuersPath);
void keep();
