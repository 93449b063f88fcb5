/** Random network ACLs. */
import { createNetworkAcl } from '../../../src/control/vpc/network-acl.ts';
import { replaceNetworkAclAssociation } from '../../../src/control/vpc/network-acl-association.ts';
import {
  createNetworkAclEntry,
  deleteNetworkAclEntry,
} from '../../../src/control/vpc/network-acl-entry.ts';
import type { Subnet } from '../../../src/model/vpc/subnet.ts';
import { all, any, attempt, type Builder, type Changes, NO_TOKEN, scopeOf } from '../builder.ts';
import { aclEntries, EVERYTHING, randomBlock, randomTraffic } from '../traffic.ts';

/** Some of the ACLs in use deny something before all else; some subnets have one of their own. */
export async function buildNetworkAcls(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const subnet of all(builder, 'subnet')) {
    if (random.chance(0.04)) await giveAcl(builder);
    if (random.chance(0.15)) await addEntry(builder);
    if (random.chance(0.15)) await denyItself(builder, subnet);
  }
}

/** which matters to nobody inside. */
function denyItself(builder: Builder, { id, cidr, account, region }: Subnet) {
  const association = builder.cloud.model.first('network-acl-association', 'subnet', id);
  if (association === undefined || cidr === undefined) return undefined;
  const entry = { ruleNumber: 1, egress: false, action: 'deny', cidr, ...EVERYTHING } as const;
  return attempt(builder, (tx) =>
    createNetworkAclEntry(tx, { account, region }, association.networkAclId, entry),
  );
}

function addEntry(builder: Builder) {
  const { random } = builder;
  // One that is in use: what any other says matters to nobody.
  const association = any(builder, 'network-acl-association');
  const acl = association && builder.cloud.model.get('network-acl', association.networkAclId);
  if (acl === undefined) return undefined;
  const entry = {
    ruleNumber: 1 + random.below(200),
    egress: random.chance(0.5),
    action: random.chance(0.5) ? 'allow' : 'deny',
    cidr: randomBlock(builder),
    ...randomTraffic(random),
  } as const;
  return attempt(builder, (tx) => createNetworkAclEntry(tx, scopeOf(acl), acl.id, entry));
}

function removeEntry(builder: Builder) {
  const acl = any(builder, 'network-acl', ({ entries }) => entries.length > 0);
  if (acl === undefined) return undefined;
  const entry = builder.random.pick(acl.entries);
  return attempt(builder, (tx) => deleteNetworkAclEntry(tx, scopeOf(acl), acl.id, entry));
}

/** Another ACL for a subnet: one there is, or a new one that lets most things pass. */
function giveAcl(builder: Builder) {
  const { random } = builder;
  const subnet = any(builder, 'subnet')!;
  const { vpcId } = subnet;
  const scope = scopeOf(subnet);
  return attempt(builder, (tx) => {
    const existing = random.pick(tx.by('network-acl', 'vpc', vpcId));
    const acl = random.chance(0.6)
      ? createNetworkAcl(tx, scope, { vpcId, tags: {}, clientToken: NO_TOKEN })
      : existing;
    if (acl !== existing) {
      for (const entry of aclEntries(random)) createNetworkAclEntry(tx, scope, acl.id, entry);
    }
    const { id: associationId } = tx.first('network-acl-association', 'subnet', subnet.id)!;
    replaceNetworkAclAssociation(tx, scope, { associationId, networkAclId: acl.id });
  });
}

export const networkAclChanges: Changes = [
  [5, addEntry],
  [2, removeEntry],
  [3, giveAcl],
];
