/** Members and sources of groups, as calls register them (C-118, C-119, C-124, C-125). */
import { awsError } from '../../model/error.ts';
import {
  type MulticastDomain,
  multicastPlace,
} from '../../model/transit-gateway/multicast-domain.ts';
import {
  isGroupAddress,
  type MulticastGroupEntry,
  type MulticastRole,
  multicastGroupEntryId,
  multicastRoleKey,
} from '../../model/transit-gateway/multicast-group.ts';
import { formatIp, type Ip } from '../../net/ip.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { availableDomain, findUsableDomain } from './visible-multicast.ts';

const KIND = 'transit-gateway-multicast-group-entry';

export interface RegisterInGroup {
  readonly domainId: string;
  readonly group: Ip;
  readonly networkInterfaceIds: readonly string[];
}

/**
 * The caller's interfaces; one that is in the group already stays, and from now on it is there by
 * this call (C-119).
 * @throws AwsError the Malformed and NotFound errors of domains and interfaces, IncorrectState,
 *   InvalidParameterValue (C-118, C-124), TransitGatewayMulticastGroupLimitExceeded (C-125)
 */
export function registerInGroup(
  tx: Transaction,
  scope: Scope,
  role: MulticastRole,
  { domainId, group, networkInterfaceIds }: RegisterInGroup,
): string[] {
  const domain = availableDomain(tx, scope, domainId);
  if (!isGroupAddress(group)) {
    const message = `${formatIp(group)} is not a multicast address.`;
    throw awsError('InvalidParameterValue', message);
  }
  if (role === 'source' && !domain.options.staticSourcesSupport) {
    const message = `${domainId} does not support static sources.`;
    throw awsError('InvalidParameterValue', message);
  }
  const chosen = [...new Set(networkInterfaceIds)];
  for (const id of chosen) checkInterface(tx, scope, domainId, id);
  const key = { domainId, group, role };
  const entries = chosen.map((networkInterfaceId) => ({ ...key, networkInterfaceId }));
  const fresh = entries.filter((entry) => tx.get(KIND, multicastGroupEntryId(entry)) === undefined);
  if (!hasRoom(tx, domain, key, fresh.length)) {
    const message = `The maximum number of ${role}s of ${formatIp(group)} or of its transit gateway has been reached.`;
    throw awsError('TransitGatewayMulticastGroupLimitExceeded', message);
  }
  for (const entry of entries) putEntry(tx, domain, { ...entry, origin: 'static' });
  return chosen;
}

function checkInterface(tx: Transaction, scope: Scope, domainId: string, id: string): void {
  const { subnetId, requesterManaged } = find(tx, scope, 'network-interface', id);
  if (requesterManaged) {
    // Nobody stands behind it who could send to a group, or hear it.
    throw awsError('InvalidParameterValue', `'${id}' belongs to a service.`);
  }
  if (multicastPlace(tx, subnetId)?.domain.id === domainId) return;
  const message = `The subnet of the network interface '${id}' is not associated with ${domainId}.`;
  throw awsError('InvalidParameterValue', message);
}

/** C-125: whether so many more fit into the group and its gateway. */
export function hasRoom(
  tx: Transaction,
  { transitGatewayId }: MulticastDomain,
  key: Parameters<typeof multicastRoleKey>[0],
  more: number,
): boolean {
  const perGroup = tx.quota('membersPerMulticastGroup');
  if (key.role === 'member' && tx.count(KIND, 'group', multicastRoleKey(key)) + more > perGroup) {
    return false;
  }
  const perGateway = tx.quota('multicastMembersAndSourcesPerTransitGateway');
  return tx.count(KIND, 'gateway', transitGatewayId) + more <= perGateway;
}

export function putEntry(
  tx: Transaction,
  { transitGatewayId }: MulticastDomain,
  entry: Omit<MulticastGroupEntry, 'id' | 'transitGatewayId'>,
): void {
  const id = multicastGroupEntryId(entry);
  if (tx.get(KIND, id)?.origin === entry.origin) return;
  tx.put(KIND, { id, transitGatewayId, ...entry });
}

export interface DeregisterFromGroup {
  readonly domainId: string;
  /** Absent: from every group. */
  readonly group: Ip | undefined;
  /** Empty: everybody in the group. */
  readonly networkInterfaceIds: readonly string[];
}

/**
 * Takes interfaces out of a group, however they came in. The domain's owner may take out any,
 * others theirs.
 * @returns the interfaces that were in it
 * @throws AwsError the Malformed and NotFound errors of domains, InvalidParameterValue
 */
export function deregisterFromGroup(
  tx: Transaction,
  scope: Scope,
  role: MulticastRole,
  { domainId, group, networkInterfaceIds }: DeregisterFromGroup,
): string[] {
  const domain = findUsableDomain(tx, scope, domainId);
  const own = candidates(tx, role, { domainId, group, networkInterfaceIds }).filter((entry) => {
    const eni = tx.get('network-interface', entry.networkInterfaceId);
    return owns(scope, domain) || (eni !== undefined && owns(scope, eni));
  });
  const found = new Set(own.map((entry) => entry.networkInterfaceId));
  const missing = networkInterfaceIds.find((id) => !found.has(id));
  if (missing !== undefined) {
    const where = group === undefined ? domainId : `${formatIp(group)} in ${domainId}`;
    throw awsError('InvalidParameterValue', `'${missing}' is no group ${role} of ${where}.`);
  }
  for (const { id } of own) tx.delete(KIND, id);
  return [...found];
}

function candidates(
  tx: Transaction,
  role: MulticastRole,
  { domainId, group, networkInterfaceIds }: DeregisterFromGroup,
): readonly MulticastGroupEntry[] {
  const wanted = new Set(networkInterfaceIds);
  const all =
    group === undefined
      ? tx.by(KIND, 'domain', domainId).filter((entry) => entry.role === role)
      : tx.by(KIND, 'group', multicastRoleKey({ domainId, group, role }));
  return all.filter(({ networkInterfaceId: id }) => wanted.size === 0 || wanted.has(id));
}
