/** What a side lets the other side's resolver know (B-050 to B-055). */
import { awsError } from '../../model/error.ts';
import type { PeeringConnection, SideName } from '../../model/peering/peering-connection.ts';
import { givesDnsNames } from '../../model/vpc/dns-names.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { findPeering } from './find-peering.ts';

export interface PeeringOptions {
  readonly allowDnsResolutionFromRemoteVpc?: boolean;
}

/** The options to change: of one side, or of both by who owns both in one Region (B-053). */
export type ModifyPeeringOptions = Readonly<Partial<Record<SideName, PeeringOptions>>>;

/**
 * @throws AwsError the errors of findPeering, OperationNotPermitted,
 *   InvalidVpcPeeringConnectionState.DnsHostnamesDisabled
 */
export function modifyPeeringOptions(
  tx: Transaction,
  scope: Scope,
  id: string,
  request: ModifyPeeringOptions,
): PeeringConnection {
  const connection = findPeering(tx, scope, id, tx.now);
  const names = (['requester', 'accepter'] as const).filter((name) => request[name]);
  for (const name of names) checkOwnSide(scope, connection, name);
  if (connection.status !== 'active') {
    const rule = 'Peering options can be added only to active peerings.'; // B-051
    throw awsError('OperationNotPermitted', `Peering ${id} is not active. ${rule}`);
  }
  if (names.some((name) => request[name]?.allowDnsResolutionFromRemoteVpc)) {
    checkDnsHostnames(tx, connection);
  }
  const changed = { ...connection };
  for (const name of names) changed[name] = { ...changed[name], ...request[name] };
  return tx.put('vpc-peering-connection', changed);
}

/** B-053 */
function checkOwnSide({ account, region }: Scope, connection: PeeringConnection, name: SideName) {
  if (connection[name].account !== account) {
    const what = `permission to modify the ${name} side peering options`;
    throw awsError('OperationNotPermitted', `User ${account} does not have ${what}`);
  }
  if (connection[name].region !== region) {
    const owner = name === 'requester' ? 'Requester' : 'Accepter';
    const what = 'VPC Peering connection options cannot be modified for a different region';
    throw awsError('OperationNotPermitted', `${owner}'s ${what}`);
  }
}

/** B-052: both VPCs need DNS support and DNS hostnames. */
function checkDnsHostnames(tx: Transaction, { requester, accepter }: PeeringConnection): void {
  for (const { vpcId } of [requester, accepter]) {
    const vpc = tx.get('vpc', vpcId);
    if (vpc !== undefined && givesDnsNames(vpc)) continue;
    const message = `DNS resolution and DNS hostnames must be enabled for the VPC '${vpcId}'.`;
    throw awsError('InvalidVpcPeeringConnectionState.DnsHostnamesDisabled', message);
  }
}
