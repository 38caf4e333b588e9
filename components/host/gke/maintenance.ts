import type { Maintenance, MaintenanceExclusion } from "./cluster-args";

const hour = 3600 * 1000;
const day = 24 * hour;

/**
 * Google wants windows of at least 4 hours, and 48 hours in any 32 days
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions).
 */
const leastWindowHours = 4;
const leastHoursIn32Days = 48;
/** How long a time without upgrades may be, by what it leaves out; others may last until the version's support ends. */
const mostDaysWithoutAny = 30;

export function checkMaintenance({ start, end, recurrence, exclusions = [] }: Maintenance): string[] {
  const where = "maintenance";
  const times = [...checkTime(`${where}.start`, start), ...checkTime(`${where}.end`, end)];
  const rule = checkRecurrence(`${where}.recurrence`, recurrence);
  return [
    ...times,
    ...rule,
    ...(times.length > 0 ? [] : checkWindow(start, end, rule.length > 0 ? undefined : recurrence)),
    ...exclusions.flatMap((exclusion, index) => checkExclusion(`${where}.exclusions[${index}]`, exclusion)),
    ...exclusions.flatMap(({ name }, index) =>
      exclusions.findIndex((other) => other.name === name) < index
        ? [`${where}.exclusions[${index}].name: got "${name}" again; allowed: a name of its own`]
        : [],
    ),
  ];
}

function checkTime(where: string, value: string): string[] {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
    ? []
    : [`${where}: got "${value}"; allowed: a time as RFC 3339 writes it, such as 2026-01-03T02:00:00Z`];
}

function checkRecurrence(where: string, value: string): string[] {
  return /^FREQ=(DAILY|WEEKLY(;BYDAY=(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*)?)$/.test(value)
    ? []
    : [`${where}: got "${value}"; allowed: FREQ=DAILY, or days of the week: FREQ=WEEKLY;BYDAY=SA,SU`];
}

function checkWindow(start: string, end: string, recurrence: string | undefined): string[] {
  const hours = (Date.parse(end) - Date.parse(start)) / hour;
  const allowed = `from ${leastWindowHours} to 24 hours after maintenance.start`;
  if (hours < leastWindowHours || hours > 24)
    return [`maintenance.end: got "${end}", ${hours} hours after the start; allowed: ${allowed}`];
  if (recurrence === undefined) return [];
  const times = timesIn32Days(recurrence);
  if (times * hours >= leastHoursIn32Days) return [];
  return [
    `maintenance: got ${times} windows of ${hours} hours in 32 days, ${times * hours} hours; allowed: ` +
      `at least ${leastHoursIn32Days} hours, by longer windows or more days`,
  ];
}

/** At least: any 32 days hold four whole weeks. */
function timesIn32Days(recurrence: string): number {
  if (recurrence === "FREQ=DAILY") return 32;
  const days = /BYDAY=(.*)$/.exec(recurrence)?.[1]?.split(",").length ?? 1;
  return 4 * days;
}

function checkExclusion(where: string, { name, start, end, scope }: MaintenanceExclusion): string[] {
  const faults = [
    ...(name.trim() === "" ? [`${where}.name: got nothing; allowed: a name`] : []),
    ...checkTime(`${where}.start`, start),
    ...checkTime(`${where}.end`, end),
  ];
  if (faults.length > 0) return faults;
  const days = (Date.parse(end) - Date.parse(start)) / day;
  if (days <= 0) return [`${where}.end: got "${end}"; allowed: a time after its start`];
  if (scope !== "NO_UPGRADES" || days <= mostDaysWithoutAny) return [];
  return [
    `${where}.end: got "${end}", ${days} days after its start; allowed: at most ${mostDaysWithoutAny} days ` +
      "with scope: NO_UPGRADES",
  ];
}
