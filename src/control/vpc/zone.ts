/** Which Availability Zone a caller means: names are each account's own, ids the cloud's. */
import { awsError } from '../../model/error.ts';
import type { Zone } from '../../model/region.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';

/** A zone by the account's name for it or by its id; neither leaves the choice to AWS. */
export interface ZoneChoice {
  readonly zoneName?: string;
  readonly zoneId?: string;
}

/**
 * The zone a request names, or the first.
 * @throws AwsError InvalidParameterCombination, InvalidParameterValue
 */
export function chooseZone(
  tx: Transaction,
  { account, region }: Scope,
  { zoneName, zoneId }: ZoneChoice,
): Zone {
  const zones = tx.zones(account, region);
  if (zoneName !== undefined && zoneId !== undefined) {
    const message = 'You may specify either AvailabilityZone or AvailabilityZoneId, but not both.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (zoneName === undefined && zoneId === undefined) return zones[0]!;
  const zone = zones.find(({ name, id }) => name === zoneName || id === zoneId);
  if (zone !== undefined) return zone;
  const [parameter, value, names] =
    zoneName === undefined
      ? ['availabilityZoneId', zoneId, zones.map(({ id }) => id)]
      : ['availabilityZone', zoneName, zones.map(({ name }) => name)];
  const message = `Value (${value}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${names.join(', ')}.`;
  throw awsError('InvalidParameterValue', message);
}
