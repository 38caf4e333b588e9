import { describe, expect, it } from "vitest";
import type { Maintenance } from "../../../../components/host/gke/cluster-args";
import { checkMaintenance } from "../../../../components/host/gke/maintenance";

const weekend: Maintenance = {
  start: "2026-01-03T02:00:00Z",
  end: "2026-01-03T08:00:00Z",
  recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
};
const exclusion = { name: "fair", start: "2026-12-01T00:00:00Z", end: "2026-12-31T00:00:00Z" };

describe("a maintenance window", () => {
  const sound: [what: string, maintenance: Maintenance][] = [
    ["six hours on two days of the week, 48 in all", weekend],
    ["four hours each day", { ...weekend, end: "2026-01-03T06:00:00Z", recurrence: "FREQ=DAILY" }],
    [
      "twelve hours on the start's day of the week",
      { ...weekend, end: "2026-01-03T14:00:00Z", recurrence: "FREQ=WEEKLY" },
    ],
    ["another offset", { ...weekend, start: "2026-01-03T03:00:00+01:00" }],
    ["a month without any upgrade", { ...weekend, exclusions: [{ ...exclusion, scope: "NO_UPGRADES" }] }],
    [
      "half a year without a new minor version",
      { ...weekend, exclusions: [{ ...exclusion, end: "2027-06-01T00:00:00Z" }] },
    ],
  ];
  it.each(sound)("may be %s", (_what, maintenance) => expect(checkMaintenance(maintenance)).toEqual([]));

  const faulty: [what: string, maintenance: Maintenance, faults: string[]][] = [
    [
      "too short",
      { ...weekend, end: "2026-01-03T05:00:00Z" },
      [
        'maintenance.end: got "2026-01-03T05:00:00Z", 3 hours after the start; allowed: from 4 to 24 hours after maintenance.start',
      ],
    ],
    [
      "too seldom",
      { ...weekend, end: "2026-01-03T06:00:00Z" },
      [
        "maintenance: got 8 windows of 4 hours in 32 days, 32 hours; allowed: at least 48 hours, by longer windows or more days",
      ],
    ],
    [
      "in no format that Google reads",
      { start: "Saturday", end: "2026-01-03T08:00:00Z", recurrence: "weekly" },
      [
        'maintenance.start: got "Saturday"; allowed: a time as RFC 3339 writes it, such as 2026-01-03T02:00:00Z',
        'maintenance.recurrence: got "weekly"; allowed: FREQ=DAILY, or days of the week: FREQ=WEEKLY;BYDAY=SA,SU',
      ],
    ],
    [
      "a day that does not exist",
      { ...weekend, start: "2026-13-03T02:00:00Z" },
      [
        'maintenance.start: got "2026-13-03T02:00:00Z"; allowed: a time as RFC 3339 writes it, such as 2026-01-03T02:00:00Z',
      ],
    ],
    [
      "without upgrades for too long",
      { ...weekend, exclusions: [{ ...exclusion, end: "2027-01-15T00:00:00Z", scope: "NO_UPGRADES" }] },
      [
        'maintenance.exclusions[0].end: got "2027-01-15T00:00:00Z", 45 days after its start; allowed: at most 30 days with scope: NO_UPGRADES',
      ],
    ],
    [
      "two exclusions of one name, which Google takes for one",
      { ...weekend, exclusions: [exclusion, { ...exclusion, start: "2026-12-15T00:00:00Z" }] },
      ['maintenance.exclusions[1].name: got "fair" again; allowed: a name of its own'],
    ],
    [
      "an exclusion that ends before it begins",
      {
        ...weekend,
        exclusions: [
          { ...exclusion, name: " ", end: "2026-11-01T00:00:00Z" },
          { ...exclusion, end: "2026-11-01T00:00:00Z" },
        ],
      },
      [
        "maintenance.exclusions[0].name: got nothing; allowed: a name",
        'maintenance.exclusions[1].end: got "2026-11-01T00:00:00Z"; allowed: a time after its start',
      ],
    ],
  ];
  it.each(faulty)("is refused: %s", (_what, maintenance, faults) =>
    expect(checkMaintenance(maintenance)).toEqual(faults),
  );
});
