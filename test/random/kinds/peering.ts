/** Peering connections, with the routes and rules they need. */
import { acceptPeering, rejectPeering } from '../../../src/control/peering/answer-peering.ts';
import { deletePeering } from '../../../src/control/peering/delete-peering.ts';
import { createPeering } from '../../../src/control/peering/request-peering.ts';
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
  launch,
  scopeOf,
  setRoute,
} from '../builder.ts';
import { EVERYTHING } from '../traffic.ts';
import { group } from './security-group.ts';

/** Two VPCs, mostly with routes both ways. */
export async function peerSome(builder: Builder): Promise<void> {
  const { random } = builder;
  const [from, to] = [any(builder, 'vpc')!, any(builder, 'vpc')!];
  const connection = await attempt(builder, (tx) =>
    createPeering(tx, scopeOf(from), {
      vpcId: from.id,
      peerVpcId: to.id,
      peer: scopeOf(to),
      tags: {},
    }),
  );
  if (connection === undefined) return;
  await builder.cloud.advance(1000);
  const { id } = connection;
  const fate = random.below(10);
  if (fate === 0) await attempt(builder, (tx) => rejectPeering(tx, scopeOf(to), id));
  if (fate > 1) await attempt(builder, (tx) => acceptPeering(tx, scopeOf(to), id));
  await builder.cloud.advance(1000);
  for (const [near, far] of [
    [from, to],
    [to, from],
  ] as const) {
    if (random.chance(0.45)) await referToPeer(builder, near, far);
    for (const table of all(builder, 'route-table').filter(({ vpcId }) => vpcId === near.id)) {
      if (random.chance(0.3)) await routeTooMuch(builder, table.id, id);
      for (const { cidr: destination } of [...far.cidrs, ...far.ipv6Cidrs]) {
        if (random.chance(0.06)) continue;
        const target = { kind: 'vpc-peering-connection', id } as const;
        await attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
      }
    }
  }
}

/** an instance that may speak with one group of the peer VPC only, and it with it. */
async function referToPeer(builder: Builder, near: Vpc, far: Vpc): Promise<void> {
  const { random } = builder;
  const subnet = any(builder, 'subnet', ({ vpcId }) => vpcId === near.id);
  const theirs = any(
    builder,
    'security-group',
    ({ vpcId, groupName }) => vpcId === far.id && groupName === 'open',
  );
  if (subnet === undefined || theirs === undefined) return;
  const groupId = await group(builder, near, `peers of ${far.id}`);
  await attempt(builder, (tx) => {
    const side = { group: { groupId }, egress: true };
    const rules = tx.by('security-group-rule', 'group', groupId).map(({ id }) => id);
    revokeRulesById(tx, scopeOf(near), side, rules);
    const peer = { kind: 'group', group: { groupId: theirs.id } } as const;
    for (const egress of [true, false]) {
      addRule(tx, { groupId, egress, traffic: EVERYTHING, peer });
    }
  });
  const ipv6 = random.chance(0.5);
  await attempt(builder, (tx) => launch(tx, { subnet, groupIds: [groupId], ipv6 }));
}

/** B-040: more than the peer VPC has. */
async function routeTooMuch(builder: Builder, tableId: string, id: string): Promise<void> {
  const destination = block(builder.random.pick(['10.0.0.0/8', '172.16.0.0/12', '8.0.0.0/8']));
  const target = { kind: 'vpc-peering-connection', id } as const;
  await attempt(builder, (tx) => setRoute(tx, tableId, destination, target));
}

function requestPeering(builder: Builder) {
  const [from, to] = [any(builder, 'vpc')!, any(builder, 'vpc')!];
  const request = { vpcId: from.id, peerVpcId: to.id, peer: scopeOf(to), tags: {} };
  return attempt(builder, (tx) => createPeering(tx, scopeOf(from), request));
}

function answerPeering(builder: Builder) {
  const connection = any(
    builder,
    'vpc-peering-connection',
    ({ status }) => status === 'pending-acceptance',
  );
  if (connection === undefined) return undefined;
  const scope = scopeOf(connection.accepter);
  const answer = builder.random.chance(0.8) ? acceptPeering : rejectPeering;
  return attempt(builder, (tx) => answer(tx, scope, connection.id));
}

function endPeering(builder: Builder) {
  const connection = any(builder, 'vpc-peering-connection', ({ status }) => status === 'active');
  if (connection === undefined) return undefined;
  const scope = scopeOf(connection.requester);
  return attempt(builder, (tx) => deletePeering(tx, scope, connection.id));
}

export const peeringChanges: Changes = [
  [2, requestPeering],
  [2, answerPeering],
  [1, endPeering],
];
