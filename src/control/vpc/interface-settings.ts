/** What an interface may be set to: its groups and its timeouts. */
import { awsError } from '../../model/error.ts';
import {
  CONNECTION_TRACKING_RANGES,
  type ConnectionTracking,
  type NetworkInterface,
} from '../../model/vpc/network-interface.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';

/**
 * The groups of an interface in a VPC: those named, or the VPC's default group.
 * @throws AwsError InvalidGroup.NotFound, InvalidParameter, SecurityGroupsPerInterfaceLimitExceeded
 */
export function interfaceGroups(
  tx: Transaction,
  scope: Scope,
  place: { readonly id: string; readonly vpcId: string },
  named: readonly string[],
): readonly string[] {
  const groupIds = [...new Set(named)];
  for (const id of groupIds) {
    const group = find(tx, scope, 'security-group', id);
    if (group.vpcId === place.vpcId) continue;
    const kind = place.id.startsWith('subnet-') ? 'subnet' : 'network interface';
    const message = `Security group ${id} and ${kind} ${place.id} belong to different networks.`;
    throw awsError('InvalidParameter', message);
  }
  //
  if (groupIds.length > tx.quota('groupsPerInterface')) {
    const message = 'The maximum number of security groups per interface has been reached.';
    throw awsError('SecurityGroupsPerInterfaceLimitExceeded', message);
  }
  return groupIds.length > 0 ? groupIds : defaultGroup(tx, place.vpcId);
}

function defaultGroup(tx: Transaction, vpcId: string): readonly string[] {
  const group = tx.first('security-group', 'name', `${vpcId}|default`);
  return group === undefined ? [] : [group.id];
}

/** each timeout within its range. */
export function checkConnectionTracking(settings: ConnectionTracking): void {
  for (const [name, { min, max }] of Object.entries(CONNECTION_TRACKING_RANGES)) {
    const value = settings[name as keyof ConnectionTracking];
    if (value === undefined || (value >= min && value <= max)) continue;
    const range = `It must be between ${min} and ${max} seconds.`;
    const message = `Value (${value}) for parameter ${name} is invalid. ${range}`;
    throw awsError('InvalidParameterValue', message);
  }
}

/** Throws where a service manages the interface: its owner's calls may not change it. */
export function checkNotManaged(eni: NetworkInterface): void {
  if (!eni.requesterManaged) return;
  const message = `The network interface '${eni.id}' is managed by a service and cannot be changed.`;
  throw awsError('OperationNotPermitted', message);
}
