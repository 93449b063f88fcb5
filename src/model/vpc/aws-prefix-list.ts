/**
 * AWS's own prefix lists: of each Region the addresses of S3 and of DynamoDB. Nobody can change
 * them, and they are the same in every cloud: nothing of them is stored.
 */
import { type Cidr, cidr, parseCidr } from '../../net/cidr.ts';
import { hashText } from '../../net/hash.ts';
import type { Family } from '../../net/ip.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { regionNames } from '../region.ts';

export interface AwsPrefixList {
  /** pl-… with 8 digits, the same for every account. */
  readonly id: string;
  /** com.amazonaws.REGION.SERVICE */
  readonly name: string;
  readonly region: string;
  readonly family: Family;
  /** VPCUG:working-with-aws-managed-prefix-lists gives both the weight 1. */
  readonly weight: number;
  readonly entries: readonly { readonly cidr: Cidr; readonly description?: string }[];
}

const SERVICES = ['dynamodb', 's3'] as const;
type Service = (typeof SERVICES)[number];

/** The oldest Region's ranges, as AWS publishes them. */
const US_EAST_1: Readonly<Record<Service, readonly string[]>> = {
  dynamodb: ['3.218.180.0/23', '3.218.182.0/24', '52.94.0.0/22', '52.119.224.0/20'],
  s3: ['3.5.0.0/19', '16.15.176.0/20', '52.216.0.0/15', '54.231.0.0/16'],
};

/** Cut by Region from ranges that AWS uses for these services; no two Regions share any. */
const CUT: Readonly<Record<Service, readonly { first: number; length: number }[]>> = {
  dynamodb: [{ first: 0x34_5e_04_00, length: 24 }], // 52.94.4.0
  s3: [
    { first: 0x03_05_80_00, length: 23 }, // 3.5.128.0
    { first: 0x10_0c_00_00, length: 23 }, // 16.12.0.0
  ],
};

/** The ids that AWS's documentation shows; of other Regions any that stay the same will do. */
const KNOWN_IDS: Readonly<Record<string, string>> = {
  'com.amazonaws.us-east-1.dynamodb': 'pl-02cd2c6b',
  'com.amazonaws.us-east-1.s3': 'pl-63a5400a',
};

const LISTS: readonly AwsPrefixList[] = regionNames().flatMap((region, index) =>
  SERVICES.map((service): AwsPrefixList => {
    const name = `com.amazonaws.${region}.${service}`;
    return {
      id: KNOWN_IDS[name] ?? `pl-${hashText(name).toString(16).padStart(8, '0')}`,
      name,
      region,
      family: 4,
      weight: 1,
      entries: rangesOf(region, index, service).map((block) => ({ cidr: block })),
    };
  }),
);
const BY_ID = new Map(LISTS.map((list) => [list.id, list]));

function rangesOf(region: string, index: number, service: Service): Cidr[] {
  if (region === 'us-east-1') return US_EAST_1[service].map((text) => parseCidr(text)!);
  return CUT[service].map(({ first, length }) =>
    cidr(ipv4(first + index * 2 ** (32 - length)), length),
  );
}

/** The list of an id, whatever its Region. */
export function awsPrefixList(id: string): AwsPrefixList | undefined {
  return BY_ID.get(id);
}

/** The lists that a Region's accounts see, by name. */
export function awsPrefixLists(region: string): readonly AwsPrefixList[] {
  return LISTS.filter((list) => list.region === region);
}
