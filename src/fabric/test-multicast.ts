/** Multicast domains for a test network, by names in place of ids. */
import {
  DEFAULT_MULTICAST_DOMAIN_OPTIONS,
  multicastAssociationId,
} from '../model/transit-gateway/multicast-domain.ts';
import {
  type MulticastGroupEntry,
  multicastGroupEntryId,
} from '../model/transit-gateway/multicast-group.ts';
import type { TestNetwork } from './test-network.ts';
import { ip } from './test-values.ts';

const OWNED = { account: '111111111111', region: 'us-east-1' };

export function multicastDomain(
  test: TestNetwork,
  id: string,
  transitGatewayId: string,
  options: Partial<typeof DEFAULT_MULTICAST_DOMAIN_OPTIONS> = {},
): void {
  test.put('transit-gateway-multicast-domain', {
    id,
    ...OWNED,
    transitGatewayId,
    state: 'available',
    creationTime: 0,
    options: { ...DEFAULT_MULTICAST_DOMAIN_OPTIONS, ...options },
  });
}

/** `subnet-SUBNET`, of the VPC attached as `tgw-attach-NAME`. */
export function joinDomain(
  test: TestNetwork,
  domainId: string,
  name: string,
  subnet: string,
): void {
  const subnetId = `subnet-${subnet}`;
  test.put('transit-gateway-multicast-domain-association', {
    id: multicastAssociationId(domainId, subnetId),
    domainId,
    attachmentId: `tgw-attach-${name}`,
    vpcId: test.get('subnet', subnetId).vpcId,
    subnetId,
    state: 'associated',
  });
}

export function leaveDomain(test: TestNetwork, domainId: string, subnet: string): void {
  const id = multicastAssociationId(domainId, `subnet-${subnet}`);
  test.delete('transit-gateway-multicast-domain-association', id);
}

function entryOf(domainId: string, group: string, host: string, role: MulticastGroupEntry['role']) {
  return { domainId, group: ip(group), networkInterfaceId: `eni-${host}`, role };
}

/** `eni-HOST` is in the group. */
export function joinGroup(
  test: TestNetwork,
  domainId: string,
  group: string,
  host: string,
  role: MulticastGroupEntry['role'] = 'member',
): void {
  const entry = entryOf(domainId, group, host, role);
  const { transitGatewayId } = test.get('transit-gateway-multicast-domain', domainId);
  const id = multicastGroupEntryId(entry);
  test.put('transit-gateway-multicast-group-entry', {
    id,
    transitGatewayId,
    ...entry,
    origin: 'static',
  });
}

export function leaveGroup(
  test: TestNetwork,
  domainId: string,
  group: string,
  host: string,
  role: MulticastGroupEntry['role'] = 'member',
): void {
  const id = multicastGroupEntryId(entryOf(domainId, group, host, role));
  test.delete('transit-gateway-multicast-group-entry', id);
}
