/** What a VPC holds: what keeps it from being deleted, and what goes with it. */
import type { ModelReader } from '../../model/model.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { createDefaultNetworkAcl, deleteDefaultNetworkAcl } from './network-acl.ts';
import { createMainRouteTable, deleteMainRouteTable } from './route-table.ts';
import { createDefaultSecurityGroup, deleteDefaultSecurityGroup } from './security-group.ts';

/** Makes what every VPC is born with: main route table, default network ACL, default group. */
export function createContents(tx: Transaction, scope: Scope, { id }: Vpc): void {
  createMainRouteTable(tx, scope, id);
  createDefaultNetworkAcl(tx, scope, id);
  createDefaultSecurityGroup(tx, scope, id);
}

/** Takes away what `createContents` made. */
export function deleteContents(tx: Transaction, { id }: Vpc): void {
  deleteMainRouteTable(tx, id);
  deleteDefaultNetworkAcl(tx, id);
  deleteDefaultSecurityGroup(tx, id);
}

/** Whether anything is in the VPC beside what it was born with (G-019). */
export function hasDependencies(reader: ModelReader, { id }: Vpc): boolean {
  return (
    reader.count('subnet', 'vpc', id) > 0 ||
    reader.count('network-interface', 'vpc', id) > 0 ||
    reader.count('internet-gateway', 'vpc', id) > 0 ||
    reader.count('egress-only-internet-gateway', 'vpc', id) > 0 ||
    reader.count('vpn-gateway', 'vpc', id) > 0 ||
    // One main table, one default ACL and one default group: anything further is the user's.
    reader.count('route-table', 'vpc', id) > 1 ||
    reader.count('network-acl', 'vpc', id) > 1 ||
    reader.count('security-group', 'vpc', id) > 1
  );
}
