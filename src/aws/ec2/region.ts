/** Regions, their Availability Zones, and what is true of every account. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { owned, type Scope } from '../../control/scope.ts';
import { awsError } from '../../model/error.ts';
import { QUOTAS } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { needsOptIn, regionNames, type Zone } from '../../model/region.ts';
import { type DescribeInput, describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { invalidValue } from './parse.ts';

export const regionHandlers = {
  DescribeAvailabilityZones: describeZones,
  DescribeRegions: describeRegions,

  DescribeAccountAttributes({ input, caller, cloud }) {
    const attributes = accountAttributes(cloud.model, caller);
    const names = input.AttributeNames ?? [];
    for (const name of names) {
      if (!Object.hasOwn(attributes, name)) {
        throw invalidValue('attributeName', name, 'There is no such account attribute.');
      }
    }
    return {
      AccountAttributes: Object.entries(attributes)
        .filter(([name]) => names.length === 0 || names.some((wanted) => wanted === name))
        .map(([name, value]) => ({
          AttributeName: name,
          AttributeValues: [{ AttributeValue: String(value) }],
        })),
    };
  },
} satisfies Ec2HandlersOf<
  'DescribeAvailabilityZones' | 'DescribeRegions' | 'DescribeAccountAttributes'
>;

function describeZones({ input, caller, cloud }: Ec2Call<'DescribeAvailabilityZones'>) {
  const zones = cloud.zones(caller.account, caller.region);
  const names = input.ZoneNames ?? [];
  const ids = input.ZoneIds ?? [];
  const unknownName = names.find((wanted) => zones.every(({ name }) => name !== wanted));
  const unknownId = ids.find((wanted) => zones.every(({ id }) => id !== wanted));
  if (unknownName !== undefined || unknownId !== undefined) {
    const message = `Invalid availability zone: [${unknownName ?? unknownId}]`;
    throw awsError('InvalidParameterValue', message);
  }
  const { records } = describe(onlyFilters(input), {
    records: zones.filter(
      ({ name, id }) =>
        (names.length === 0 || names.includes(name)) && (ids.length === 0 || ids.includes(id)),
    ),
    filters: zoneFilters(caller.region),
  });
  return { AvailabilityZones: records.map((zone) => zoneView(caller.region, zone)) };
}

/** The filters of DescribeAvailabilityZones, as its reference lists them. */
function zoneFilters(region: string): FiltersOf<Zone> {
  return {
    'group-long-name': () => undefined,
    'group-name': () => zoneGroup(region),
    message: () => undefined,
    'opt-in-status': () => 'opt-in-not-required',
    'parent-zone-id': () => undefined,
    'parent-zone-name': () => undefined,
    'region-name': () => region,
    state: () => 'available',
    'zone-id': ({ id }) => id,
    'zone-name': ({ name }) => name,
    'zone-type': () => 'availability-zone',
  };
}

function zoneView(region: string, { name, id }: Zone): Sdk.AvailabilityZone {
  return {
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    RegionName: region,
    ZoneName: name,
    ZoneId: id,
    GroupName: zoneGroup(region),
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
  };
}

function zoneGroup(region: string): string {
  return `${region}-zg-1`;
}

function describeRegions({ input }: Ec2Call<'DescribeRegions'>) {
  const all = regionNames().map((id) => ({ id }));
  const names = input.RegionNames ?? [];
  const unknown = names.find((wanted) => all.every(({ id }) => id !== wanted));
  if (unknown !== undefined) {
    throw awsError('InvalidParameterValue', `Invalid region provided: ${unknown}`);
  }
  const { records } = describe(onlyFilters(input), {
    records: names.length === 0 ? all : all.filter(({ id }) => names.includes(id)),
    filters: {
      endpoint: ({ id }) => endpointOf(id),
      'opt-in-status': ({ id }) => optInStatus(id),
      'region-name': ({ id }) => id,
    },
  });
  return {
    Regions: records.map(({ id }) => ({
      RegionName: id,
      Endpoint: endpointOf(id),
      OptInStatus: optInStatus(id),
    })),
  };
}

/** Every Region is enabled, those included that an account of AWS must opt in to. */
function optInStatus(region: string): string {
  return needsOptIn(region) ? 'opted-in' : 'opt-in-not-required';
}

function endpointOf(region: string): string {
  return `ec2.${region}.amazonaws.com`;
}

function accountAttributes(reader: ModelReader, scope: Scope): Record<string, string | number> {
  const vpc = owned(reader, scope, 'vpc').find(({ isDefault }) => isDefault);
  return {
    'supported-platforms': 'VPC',
    'default-vpc': vpc?.id ?? 'none',
    'max-instances': 20,
    'vpc-max-security-groups-per-interface': QUOTAS.groupsPerInterface,
    'max-elastic-ips': 5,
    'vpc-max-elastic-ips': 5,
  };
}

/** These calls have no pages. */
function onlyFilters({ Filters }: DescribeInput): DescribeInput {
  return Filters === undefined ? {} : { Filters };
}
