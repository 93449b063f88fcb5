/** Random security groups and rules. */
import { modifyInterfaceAttribute } from '../../../src/control/vpc/interface-attribute.ts';
import {
  createSecurityGroup,
  deleteSecurityGroup,
} from '../../../src/control/vpc/security-group.ts';
import { revokeRulesById } from '../../../src/control/vpc/security-group-rule.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import {
  addRule,
  all,
  any,
  attempt,
  type Builder,
  block,
  type Changes,
  scopeOf,
} from '../builder.ts';
import { EVERYTHING, randomPeer, randomTraffic } from '../traffic.ts';

/** One that lets everybody in, one that lets in members of a group, and one that lets in nobody. */
export async function buildGroups(builder: Builder, vpc: Vpc) {
  const { random } = builder;
  const open = await group(builder, vpc, 'open');
  await attempt(builder, (tx) => {
    for (const anyone of ['0.0.0.0/0', '::/0']) {
      const peer = { kind: 'cidr', cidr: block(anyone) } as const;
      addRule(tx, { groupId: open, egress: false, traffic: EVERYTHING, peer });
    }
  });
  const members = await group(builder, vpc, 'members');
  await attempt(builder, (tx) => {
    const peer = { kind: 'group', group: { groupId: random.pick([open, members]) } } as const;
    addRule(tx, { groupId: members, egress: false, traffic: EVERYTHING, peer });
  });
  return { open, members, bare: await group(builder, vpc, 'bare') };
}

export async function group(builder: Builder, vpc: Vpc, groupName: string): Promise<string> {
  const request = { vpcId: vpc.id, groupName, description: groupName, tags: {} };
  const made = await attempt(builder, (tx) => createSecurityGroup(tx, scopeOf(vpc), request));
  return made?.id ?? '';
}

function addGroupRule(builder: Builder) {
  const { random } = builder;
  const { id: groupId } = any(builder, 'security-group')!;
  const traffic = randomTraffic(random);
  const peer = randomPeer(builder, groupId);
  const egress = random.chance(0.3);
  return attempt(builder, (tx) => addRule(tx, { groupId, egress, traffic, peer }));
}

function removeGroupRule(builder: Builder) {
  const rule = any(builder, 'security-group-rule');
  if (rule === undefined) return undefined;
  const { egress, groupId } = rule;
  const side = { group: { groupId }, egress };
  return attempt(builder, (tx) => revokeRulesById(tx, scopeOf(rule), side, [rule.id]));
}

/** All rules of one direction go. */
function silenceGroup(builder: Builder) {
  const group = any(builder, 'security-group')!;
  const side = { group: { groupId: group.id }, egress: builder.random.chance(0.6) };
  return attempt(builder, (tx) => {
    const rules = tx.by('security-group-rule', 'group', group.id);
    const ids = rules.filter(({ egress }) => egress === side.egress).map(({ id }) => id);
    revokeRulesById(tx, scopeOf(group), side, ids);
  });
}

function changeGroups(builder: Builder) {
  const { random } = builder;
  const eni = any(builder, 'network-interface');
  if (eni === undefined) return undefined;
  const groups = all(builder, 'security-group').filter(({ vpcId }) => vpcId === eni.vpcId);
  const groupIds = [random.pick(groups).id];
  if (random.chance(0.3)) groupIds.push(random.pick(groups).id);
  const change = { attribute: 'groupSet', groupIds } as const;
  return attempt(builder, (tx) => modifyInterfaceAttribute(tx, scopeOf(eni), eni.id, change));
}

/** A new group that a peer's rule names, or the end of one: rules go stale. */
function endGroup(builder: Builder) {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  if (random.chance(0.5)) {
    const groupName = `group ${random.below(1000)}`;
    const request = { vpcId: vpc.id, groupName, description: 'a group', tags: {} };
    return attempt(builder, (tx) => createSecurityGroup(tx, scopeOf(vpc), request));
  }
  const group = any(builder, 'security-group', ({ groupName }) => groupName !== 'default');
  if (group === undefined) return undefined;
  return attempt(builder, (tx) => deleteSecurityGroup(tx, scopeOf(group), group.id));
}

export const securityGroupChanges: Changes = [
  [4, addGroupRule],
  [2, removeGroupRule],
  [1, silenceGroup],
  [3, changeGroups],
  [1, endGroup],
];
