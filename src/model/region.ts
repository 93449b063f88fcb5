/** AWS's Regions and their Availability Zones. */
import { hashText } from '../net/hash.ts';
import { Random } from '../net/random.ts';

/** Region, the short form its zone ids begin with, and its number of zones. */
const REGIONS: readonly (readonly [name: string, short: string, zones: number])[] = [
  ['us-east-1', 'use1', 6],
  ['us-east-2', 'use2', 3],
  ['us-west-1', 'usw1', 3],
  ['us-west-2', 'usw2', 4],
  ['af-south-1', 'afs1', 3],
  ['ap-east-1', 'ape1', 3],
  ['ap-northeast-1', 'apne1', 3],
  ['ap-northeast-2', 'apne2', 4],
  ['ap-northeast-3', 'apne3', 3],
  ['ap-south-1', 'aps1', 3],
  ['ap-south-2', 'aps2', 3],
  ['ap-southeast-1', 'apse1', 3],
  ['ap-southeast-2', 'apse2', 3],
  ['ap-southeast-3', 'apse3', 3],
  ['ap-southeast-4', 'apse4', 3],
  ['ca-central-1', 'cac1', 3],
  ['ca-west-1', 'caw1', 3],
  ['eu-central-1', 'euc1', 3],
  ['eu-central-2', 'euc2', 3],
  ['eu-north-1', 'eun1', 3],
  ['eu-south-1', 'eus1', 3],
  ['eu-south-2', 'eus2', 3],
  ['eu-west-1', 'euw1', 3],
  ['eu-west-2', 'euw2', 3],
  ['eu-west-3', 'euw3', 3],
  ['il-central-1', 'ilc1', 3],
  ['me-central-1', 'mec1', 3],
  ['me-south-1', 'mes1', 3],
  ['sa-east-1', 'sae1', 3],
];
const BY_NAME = new Map(REGIONS.map((row) => [row[0], row]));

/** The Regions that AWS enabled for everybody, before there was a choice (2019). */
const ALWAYS_ENABLED = new Set([
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
  ...['ap-southeast-1', 'ap-southeast-2'],
  ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
]);

/** Whether an account of AWS has to enable the Region before it can use it. */
export function needsOptIn(region: string): boolean {
  return !ALWAYS_ENABLED.has(region);
}

export const DEFAULT_REGION = 'us-east-1';

export function regionNames(): string[] {
  return REGIONS.map(([name]) => name);
}

export function isRegion(name: string): boolean {
  return BY_NAME.has(name);
}

export interface Zone {
  /** As this account sees it, e.g. us-east-1a. */
  readonly name: string;
  /** The physical zone, e.g. use1-az1: the same for every account. */
  readonly id: string;
}

/** How accounts see zones: `same` for every account, or each its own seeded mapping. */
export interface ZoneMapping {
  readonly shuffled: boolean;
  readonly seed: number;
}

/** The zones of a Region in the order of their names. Empty for an unknown Region. */
export function zonesOf(region: string, account: string, mapping: ZoneMapping): Zone[] {
  const row = BY_NAME.get(region);
  if (row === undefined) return [];
  const [name, short, count] = row;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  if (mapping.shuffled)
    shuffle(numbers, new Random(hashText(`${account}|${region}`, mapping.seed)));
  return numbers.map((number, index) => ({
    name: `${name}${String.fromCharCode(97 + index)}`,
    id: `${short}-az${number}`,
  }));
}

function shuffle(items: number[], random: Random): void {
  for (let index = items.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
}
