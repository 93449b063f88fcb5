import { describe, expect, it } from 'vitest';
import type { PeeringConnection, PeeringSide } from './peering-connection.ts';
import type { PeeringStatus } from './peering-states.ts';
import { forgottenAt, isVisibleIn, isVisibleTo, visibleMillis } from './peering-visibility.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ENDED = 1_000_000;

function side(account: string, region = 'us-east-1'): PeeringSide {
  return { account, region, vpcId: 'vpc-1', allowDnsResolutionFromRemoteVpc: false };
}

function connection(
  status: PeeringStatus,
  { own = '1', peer = '2', deletedBy = '' } = {},
): PeeringConnection {
  const requester = side(own);
  const accepter = side(peer, own === peer ? 'us-west-2' : 'us-east-1');
  const base = { id: 'pcx-1', account: own, region: 'us-east-1', requester, accepter, status };
  const live = ['initiating-request', 'pending-acceptance', 'provisioning', 'active', 'deleting'];
  return live.includes(status) ? base : { ...base, endedAt: ENDED, deletedBy };
}

describe('visibility of ended connections', () => {
  it.each([
    ['B-010 failed', connection('failed'), 2 * HOUR, 0],
    ['B-010 failed, one account', connection('failed', { peer: '1' }), 2 * HOUR, 0],
    ['B-011 expired', connection('expired'), 2 * DAY, 2 * DAY],
    ['B-011 expired, one account', connection('expired', { peer: '1' }), 2 * DAY, 2 * DAY],
    ['B-012 rejected', connection('rejected'), 2 * DAY, 2 * HOUR],
    ['B-012 rejected, one account', connection('rejected', { peer: '1' }), 2 * HOUR, 2 * HOUR],
    ['B-013 by the requester', connection('deleted', { deletedBy: '1' }), 2 * HOUR, 2 * DAY],
    ['B-013 by the accepter', connection('deleted', { deletedBy: '2' }), 2 * DAY, 2 * HOUR],
    [
      'B-013 deleted, one account',
      connection('deleted', { peer: '1', deletedBy: '1' }),
      2 * HOUR,
      2 * HOUR,
    ],
  ])('%s', (_title, record, requester, accepter) => {
    expect(visibleMillis(record, 'requester')).toBe(requester);
    expect(visibleMillis(record, 'accepter')).toBe(accepter);
    expect(forgottenAt(record)).toBe(ENDED + Math.max(requester, accepter));
    for (const [name, window] of [
      ['requester', requester] as const,
      ['accepter', accepter] as const,
    ]) {
      expect(isVisibleTo(record, name, ENDED + Math.max(0, window - 1))).toBe(window > 0);
      expect(isVisibleTo(record, name, ENDED + window)).toBe(false);
    }
  });

  it('a live connection is visible to both for ever', () => {
    for (const status of ['pending-acceptance', 'provisioning', 'active', 'deleting'] as const) {
      expect(forgottenAt(connection(status))).toBeUndefined();
      expect(isVisibleTo(connection(status), 'requester', 1e15)).toBe(true);
      expect(isVisibleTo(connection(status), 'accepter', 1e15)).toBe(true);
    }
  });

  it('a request that is not delivered yet is its maker’s alone', () => {
    expect(isVisibleTo(connection('initiating-request'), 'requester', 0)).toBe(true);
    expect(isVisibleTo(connection('initiating-request'), 'accepter', 0)).toBe(false);
  });

  it('G-025 no third account or Region sees it', () => {
    const record = connection('active');
    expect(isVisibleIn(record, { account: '2', region: 'us-east-1' }, 0)).toBe(true);
    expect(isVisibleIn(record, { account: '3', region: 'us-east-1' }, 0)).toBe(false);
    expect(isVisibleIn(record, { account: '2', region: 'us-west-2' }, 0)).toBe(false);
  });
});
