/**
 * The zones of each region that have a GPU, by their letters. New ones come every month, so a zone is refused only where
 * the region is here, and the message says as of when; a region that is not here is left to Google, and so is a pool with
 * `overrides.nodeLocations`. Regions of GPUs that no list could be had for (RTX PRO 6000, V100 but for one) are not here.
 *
 * https://cloud.google.com/compute/docs/gpus/gpu-regions-zones, by way of SkyPilot's catalogue of what Google's API
 * lists (skypilot-org/skypilot-catalog, catalogs/v8/gcp/vms.csv at 006059e, a copy without a date). Looked up in 2026-11.
 */
const zones: Readonly<Record<string, string>> = {
  "nvidia-b200":
    "asia-northeast1-b asia-southeast1-b europe-north1-b europe-west4-b us-central1-b us-east1-b us-east4-b " +
    "us-south1-b us-west2-c us-west3-bc",
  "nvidia-h200-141gb":
    "asia-south1-b asia-south2-c europe-west1-b europe-west4-a us-central1-b us-east4-b us-east5-a us-south1-b us-west1-c",
  "nvidia-h100-mega-80gb":
    "asia-northeast1-b asia-northeast3-ac asia-south1-c asia-southeast1-bc australia-southeast1-c europe-west1-bc " +
    "europe-west3-ac europe-west4-bc northamerica-northeast2-c us-central1-abc us-east4-abc us-east5-a us-west1-ab us-west4-a",
  "nvidia-h100-80gb":
    "asia-east1-c asia-northeast1-b asia-northeast3-ac asia-south1-c asia-south2-b asia-southeast1-bc " +
    "australia-southeast1-c europe-north1-c europe-west1-bc europe-west2-b europe-west3-ac europe-west4-bc " +
    "europe-west8-c europe-west9-c northamerica-northeast2-c us-central1-abc us-east4-abc us-east5-a us-west1-ab us-west4-a",
  "nvidia-a100-80gb": "asia-southeast1-c europe-west4-a us-central1-ac us-east4-c us-east5-ab",
  "nvidia-tesla-a100":
    "asia-northeast1-ac asia-northeast3-ab asia-southeast1-abc europe-west4-ab me-west1-ac us-central1-abcf us-east1-b " +
    "us-west1-b us-west3-b us-west4-b",
  "nvidia-l4":
    "asia-east1-abc asia-northeast1-abc asia-northeast3-ab asia-south1-abc asia-southeast1-abc europe-west1-bc " +
    "europe-west2-ab europe-west3-ab europe-west4-abc europe-west6-bc me-central2-ac northamerica-northeast1-bc " +
    "northamerica-northeast2-ab us-central1-abc us-east1-bcd us-east4-ac us-west1-abc us-west4-ac",
  "nvidia-tesla-t4":
    "asia-east1-ac asia-east2-ac asia-northeast1-ac asia-northeast3-bc asia-south1-ab asia-southeast1-abc " +
    "asia-southeast2-ab australia-southeast1-ac europe-central2-bc europe-west1-bcd europe-west2-ab europe-west3-b " +
    "europe-west4-abc me-west1-bc northamerica-northeast1-c southamerica-east1-abc us-central1-abcf us-east1-bcd " +
    "us-east4-abc us-west1-ab us-west2-bc us-west3-b us-west4-ab",
  "nvidia-tesla-v100": "us-central1-abcf",
  "nvidia-tesla-p100":
    "asia-east1-ac australia-southeast1-b europe-west1-bd europe-west4-a us-central1-cf us-east1-bc us-west1-ab",
  "nvidia-tesla-p4":
    "asia-southeast1-abc australia-southeast1-ab europe-west4-bc northamerica-northeast1-abc us-central1-ac us-east4-abc us-west2-bc",
};

/** The zones of a region that have a GPU, or nothing where that is not known. */
export function zonesWith(accelerator: string, region: string): string[] | undefined {
  const listed = Object.hasOwn(zones, accelerator) ? (zones[accelerator] ?? "").split(" ") : [];
  const entry = listed.find((one) => one.startsWith(`${region}-`));
  return entry === undefined
    ? undefined
    : [...entry.slice(region.length + 1)].map((letter) => `${region}-${letter}`);
}
