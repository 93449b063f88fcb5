/** ISO 8601 durations of fixed length: weeks, days, hours, minutes, seconds. */

const MILLIS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000 } as const;
const FORM =
  /^P(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:[.,]\d+)?)S)?)?$/;

/** The most a duration may be: a century. */
export const DURATION_MILLIS_MAX = 100 * 365.25 * MILLIS.days;

/**
 * Milliseconds of a duration such as `PT168H` or `P1DT12H30M`; undefined for anything else:
 * negative ones, years and months (whose length depends on the date), and those over a century.
 */
export function parseDuration(text: string): number | undefined {
  const parts = FORM.exec(text)?.groups;
  if (parts === undefined || /[PT]$/.test(text)) return undefined;
  const seconds = Number((parts.seconds ?? '0').replace(',', '.'));
  let millis = Math.round(seconds * 1000);
  for (const [unit, length] of Object.entries(MILLIS)) millis += Number(parts[unit] ?? 0) * length;
  return millis <= DURATION_MILLIS_MAX ? millis : undefined;
}
