/** Mistakes about peering connections. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { Station } from '../../../src/fabric/station.ts';
import type { Change } from '../../../src/model/schema.ts';
import { type Defect, told, withActions, without } from './defect.ts';

function peeringStations({ peerings }: Network): Station[] {
  return [...peerings.values()].flatMap(({ toAccepter, toRequester }) => [toAccepter, toRequester]);
}

const reliable = { status: 'active' } as const;

export const peeringDefects: readonly Defect[] = [
  {
    name: 'A-082 a stale rule goes on matching',
    tellWrongly: (changes) => [...changes, ...peeringsForReferences(changes)],
  },
  {
    name: 'B-040 a peering carries on to third parties',
    spoil: (network) => {
      for (const station of peeringStations(network)) {
        const [inside] = station.table.rules;
        if (inside) station.table = { rules: [], otherwise: { ...inside, match: {} } };
      }
    },
  },
  {
    name: 'B-003 a pending peering carries packets',
    tellWrongly: told('vpc-peering-connection', (one) =>
      one.status === 'pending-acceptance' ? { ...one, ...reliable } : one,
    ),
  },
  {
    name: 'B-061 an inter-Region peering carries 9001 bytes',
    spoil: (network) => {
      for (const station of peeringStations(network)) {
        station.table = withActions(station.table, without('check-size'));
      }
    },
  },
];

/** Active connections that never were, between the VPCs of every reference from group to group. */
function peeringsForReferences(changes: readonly Change[]): Change[] {
  const vpcOf = new Map<string, string>();
  for (const { kind, after } of changes) {
    if (kind === 'security-group' && after) vpcOf.set(after.id, after.vpcId);
  }
  return changes.flatMap((change) => {
    if (change.kind !== 'security-group-rule' || change.after?.peer.kind !== 'group') return [];
    const { id, account, region, groupId, peer } = change.after;
    const [own, other] = [vpcOf.get(groupId), vpcOf.get(peer.groupId)];
    if (own === undefined || other === undefined || own === other) return [];
    const side = (vpcId: string) => {
      return { account, region, vpcId, allowDnsResolutionFromRemoteVpc: false };
    };
    const pcx = `pcx-of-${id}`;
    const after = { id: pcx, account, region, requester: side(own), accepter: side(other) };
    const kind = 'vpc-peering-connection' as const;
    return [{ kind, id: pcx, before: undefined, after: { ...after, ...reliable } }];
  });
}
