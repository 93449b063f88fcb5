import { describe, expect, it } from 'vitest';
import {
  addPeer,
  attachConnect,
  INSIDE,
  lookAtPeer,
  makeConnect,
  PEER_ADDRESS,
} from '../../../../test/support/connect-fixture.ts';
import { expectError } from '../../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import { attachNewVpc, makeTransitGateway } from '../../../../test/support/transit-fixture.ts';
import { connectSessionId } from '../../../model/transit-gateway/connect-peer.ts';
import { parseIp } from '../../../net/ip.ts';

const UNKNOWN = 'tgw-connect-peer-0123456789abcdef0';
const NOT_FOUND = 'InvalidTransitGatewayConnectPeerID.NotFound';
const INVALID = 'InvalidParameterValue';
const TWO_HOURS = 2 * 3_600_000;

async function setUp(blocks?: string[], quotas = true) {
  const test = await testCloud({ quotas });
  const client = test.ec2();
  return { ...test, client, ...(await makeConnect(client, blocks)) };
}

/** The /29 of this number, beyond those that are reserved. */
const inside = (number: number) => [
  `169.254.${6 + Math.floor(number / 32)}.${(number % 32) * 8}/29`,
];

type Client = Awaited<ReturnType<typeof setUp>>['client'];

async function removePeer(client: Client, TransitGatewayConnectPeerId: string) {
  const removed = await client.deleteTransitGatewayConnectPeer({ TransitGatewayConnectPeerId });
  return removed.TransitGatewayConnectPeer!;
}

describe('CreateTransitGatewayConnectPeer', () => {
  it('C-098 H-085 is pending, then available, with two sessions that are down', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const gateway = await makeTransitGateway(client, {
      TransitGatewayCidrBlocks: ['10.200.0.0/24'],
    });
    await advance(50);
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await advance(50);
    const connect = await attachConnect(client, attachmentId);
    await expectError(addPeer(client, connect), 'IncorrectState');
    await advance(50);
    const made = await addPeer(client, connect, {
      InsideCidrBlocks: [INSIDE, 'fd00::8/125'],
      BgpOptions: { PeerAsn: 65_010 },
      TagSpecifications: [
        { ResourceType: 'transit-gateway-connect-peer', Tags: [{ Key: 'Name', Value: 'p' }] },
      ],
    });
    const session = {
      TransitGatewayAsn: 64_512,
      PeerAsn: 65_010,
      PeerAddress: '169.254.6.1',
      BgpStatus: 'down',
    };
    const shown = {
      TransitGatewayAttachmentId: connect,
      TransitGatewayConnectPeerId: expect.stringMatching(/^tgw-connect-peer-0[0-9a-f]{16}$/),
      CreationTime: expect.any(Date),
      ConnectPeerConfiguration: {
        TransitGatewayAddress: '10.200.0.1',
        PeerAddress: PEER_ADDRESS,
        InsideCidrBlocks: [INSIDE, 'fd00::8/125'],
        Protocol: 'gre',
        BgpConfigurations: [
          { ...session, TransitGatewayAddress: '169.254.6.2' },
          { ...session, TransitGatewayAddress: '169.254.6.3' },
        ],
      },
      Tags: [{ Key: 'Name', Value: 'p' }],
    };
    expect(made).toEqual({ ...shown, State: 'pending' });
    await advance(50);
    const id = made.TransitGatewayConnectPeerId!;
    expect(await lookAtPeer(client, id)).toEqual({ ...shown, State: 'available' });
  });

  it('H-085 shows each session as it is', async () => {
    const { client, cloud, connect } = await setUp();
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    const report = (address: string, established: boolean) =>
      cloud.execute((tx) => {
        const session = connectSessionId(id, parseIp(address)!);
        const since = { established, acceptedRoutes: 0, lastChange: tx.now };
        tx.put('bgp-session', { id: session, linkId: id, family: 4, ...since });
      });
    const statuses = async () => {
      const { ConnectPeerConfiguration } = await lookAtPeer(client, id);
      return ConnectPeerConfiguration!.BgpConfigurations!.map(({ BgpStatus }) => BgpStatus);
    };
    await report('169.254.6.3', true);
    expect(await statuses()).toEqual(['down', 'up']);
    await report('169.254.6.2', true);
    await report('169.254.6.3', false);
    expect(await statuses()).toEqual(['up', 'down']);
  });

  it('C-090 there are at most four on an attachment', async () => {
    const { client, transport, connect } = await setUp();
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const peer = await addPeer(client, connect, { InsideCidrBlocks: inside(count) });
      ids.push(peer.TransitGatewayConnectPeerId!);
    }
    const fifth = { InsideCidrBlocks: inside(4) };
    await expectError(
      addPeer(client, connect, fifth),
      'TransitGatewayConnectPeerLimitExceeded',
      new RegExp(connect),
    );
    await addPeer(client, await attachConnect(client, transport), fifth);
    await removePeer(client, ids[0]!);
    await addPeer(client, connect, { InsideCidrBlocks: inside(5) });
  });

  it('C-090 without quotas there may be more', async () => {
    const { client, connect } = await setUp(undefined, false);
    for (let count = 0; count < 5; count += 1) {
      await addPeer(client, connect, { InsideCidrBlocks: inside(count) });
    }
  });

  it.each([
    [['169.254.6.0/28'], /169\.254\.6\.0\/28.*a \/29 of 169\.254\.0\.0\/16/],
    [['10.0.0.0/29'], /10\.0\.0\.0\/29/],
    [['169.254.5.0/29'], /169\.254\.5\.0\/29.*reserved/],
    [[INSIDE, 'fd00::/124'], /fd00::\/124.*a \/125 of fd00::\/8/],
    [[INSIDE, '169.254.7.0/29'], /one IPv4 block/],
    [['fd00::/125'], /one IPv4 block/],
    [[INSIDE, 'fd00::/125', 'fd00::8/125'], /at most one IPv6 block/],
    [['here'], /here/],
  ])('C-091 does not take the inside blocks %j', async (InsideCidrBlocks, message) => {
    const { client, connect } = await setUp();
    await expectError(addPeer(client, connect, { InsideCidrBlocks }), INVALID, message);
    const { TransitGatewayConnectPeers } = await client.describeTransitGatewayConnectPeers({});
    expect(TransitGatewayConnectPeers).toEqual([]);
  });

  it('C-092 no two of a gateway have one inside block; others may, once it is free', async () => {
    const { client, transport, connect } = await setUp();
    const first = await addPeer(client, connect, { InsideCidrBlocks: [INSIDE, 'fd00::/125'] });
    const id = first.TransitGatewayConnectPeerId!;
    const beside = await attachConnect(client, transport);
    const PeerAddress = '10.0.0.11';
    await expectError(addPeer(client, beside, { PeerAddress }), INVALID, new RegExp(id));
    await expectError(
      addPeer(client, beside, { PeerAddress, InsideCidrBlocks: [...inside(1), 'fd00::/125'] }),
      INVALID,
      new RegExp(`fd00::/125.*${id}`),
    );
    const elsewhere = await makeConnect(client);
    await addPeer(client, elsewhere.connect);
    await removePeer(client, id);
    await addPeer(client, beside, { PeerAddress, InsideCidrBlocks: [INSIDE, 'fd00::/125'] });
  });

  it('C-093 has the first free address of the gateway’s blocks of its family', async () => {
    const { client, connect } = await setUp();
    const own = async (count: number, PeerAddress: string) => {
      const peer = await addPeer(client, connect, { PeerAddress, InsideCidrBlocks: inside(count) });
      return [
        peer.TransitGatewayConnectPeerId!,
        peer.ConnectPeerConfiguration!.TransitGatewayAddress,
      ];
    };
    const [id, first] = await own(0, '10.0.0.10');
    expect(first).toBe('10.200.0.1');
    expect((await own(1, '10.0.0.10'))[1]).toBe('10.200.0.2');
    expect((await own(2, '2001:db8::1'))[1]).toBe('2001:db8:200::1');
    await removePeer(client, id!);
    expect((await own(3, '10.0.0.10'))[1]).toBe('10.200.0.1');
  });

  it('C-093 has none where the gateway has no block of its family', async () => {
    const { client, gateway, connect } = await setUp(['10.200.0.0/24']);
    await expectError(
      addPeer(client, connect, { PeerAddress: '2001:db8::1' }),
      'IncorrectState',
      `${gateway} has no free IPv6 address in its CIDR blocks.`,
    );
  });

  it('C-093 takes an address of the gateway’s blocks, and no other', async () => {
    const { client, gateway, connect } = await setUp();
    const ask = (TransitGatewayAddress: string, PeerAddress = PEER_ADDRESS) =>
      addPeer(client, connect, { TransitGatewayAddress, PeerAddress });
    await expectError(ask('10.201.0.1'), INVALID, new RegExp(`10.201.0.1.*${gateway}`));
    await expectError(ask('2001:db8:200::1'), INVALID, /2001:db8:200::1.*one family/);
    await expectError(ask('10.200.0.7', '10.200.0.7'), INVALID, /10\.200\.0\.7/);
    await expectError(ask('nowhere'), INVALID, /nowhere/);
    await expectError(ask('10.200.0.7', 'nobody'), INVALID, /nobody/);
    const { ConnectPeerConfiguration } = await ask('10.200.0.234');
    expect(ConnectPeerConfiguration!.TransitGatewayAddress).toBe('10.200.0.234');
  });

  it('C-093 a pair of addresses is one peer’s of a gateway; either alone may be others’', async () => {
    const { client, transport, connect } = await setUp();
    const pair = { TransitGatewayAddress: '10.200.0.7', PeerAddress: PEER_ADDRESS };
    const { TransitGatewayConnectPeerId: id } = await addPeer(client, connect, pair);
    const beside = await attachConnect(client, transport);
    const ask = (request: object, count: number) =>
      addPeer(client, beside, { ...pair, ...request, InsideCidrBlocks: inside(count) });
    await expectError(ask({}, 1), INVALID, new RegExp(`10.0.0.10.*${id}.*10.200.0.7`));
    await ask({ PeerAddress: '10.0.0.11' }, 1);
    await ask({ TransitGatewayAddress: '10.200.0.8' }, 2);
    await removePeer(client, id!);
    await ask({}, 3);
  });

  it('C-094 has its gateway’s ASN unless one is given', async () => {
    const { client, connect } = await setUp();
    const { ConnectPeerConfiguration } = await addPeer(client, connect);
    const asns = ConnectPeerConfiguration!.BgpConfigurations!.map((one) => one.PeerAsn);
    expect(asns).toEqual([64_512, 64_512]);
  });

  it('C-094 takes the ASNs that there are', async () => {
    const { client, connect } = await setUp();
    const ask = async (PeerAsn: number, count = 0) => {
      const InsideCidrBlocks = inside(count);
      const peer = await addPeer(client, connect, { BgpOptions: { PeerAsn }, InsideCidrBlocks });
      return peer.ConnectPeerConfiguration!.BgpConfigurations![0]!.PeerAsn;
    };
    for (const asn of [0, -1, 4_294_967_296]) await expectError(ask(asn), INVALID, /peerAsn/);
    expect([await ask(1), await ask(4_294_967_295, 1)]).toEqual([1, 4_294_967_295]);
  });

  it('C-110 is for Connect attachments of the caller', async () => {
    const { client, ec2, transport, connect } = await setUp();
    const missing = 'InvalidTransitGatewayAttachmentID.NotFound';
    await expectError(addPeer(client, transport), missing);
    await expectError(addPeer(ec2(OTHER_ACCOUNT), connect), missing);
    const malformed = 'InvalidTransitGatewayAttachmentID.Malformed';
    await expectError(addPeer(client, 'tgw-attach-1'), malformed);
  });
});

describe('DeleteTransitGatewayConnectPeer', () => {
  it('C-098 is deleting, and deleted for a while, with its tags', async () => {
    const { ec2, advance, cloud } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    // Each call waits for the states of the last.
    const step = async <T>(made: Promise<T>) => {
      const result = await made;
      await advance(50);
      return result;
    };
    const blocks = { TransitGatewayCidrBlocks: ['10.200.0.0/24'] };
    const gateway = await step(makeTransitGateway(client, blocks));
    const { attachmentId } = await step(attachNewVpc(client, gateway, '10.0.0.0/16'));
    const connect = await step(attachConnect(client, attachmentId));
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'p' }] });
    await expectError(removePeer(client, id), 'IncorrectState', `${id} is in invalid state`);
    await advance(50);
    expect((await removePeer(client, id)).State).toBe('deleting');
    await advance(50);
    const gone = await lookAtPeer(client, id);
    expect(gone).toMatchObject({ State: 'deleted', Tags: [{ Key: 'Name', Value: 'p' }] });
    await expectError(removePeer(client, id), 'IncorrectState');
    await advance(TWO_HOURS);
    await expectError(lookAtPeer(client, id), NOT_FOUND);
    expect([...cloud.model.all('tag-set')]).toEqual([]);
  });

  it('C-110 is for its owner', async () => {
    const { client, ec2, connect } = await setUp();
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    await expectError(removePeer(ec2(OTHER_ACCOUNT), id), NOT_FOUND);
    await expectError(lookAtPeer(ec2(OTHER_ACCOUNT), id), NOT_FOUND);
    await expectError(removePeer(client, UNKNOWN), NOT_FOUND);
    const malformed = 'InvalidTransitGatewayConnectPeerID.Malformed';
    await expectError(removePeer(client, 'tgw-connect-peer-1'), malformed);
  });
});

describe('ModifyTransitGateway', () => {
  it('C-009 keeps a block that a peer has its address from', async () => {
    const { client, gateway, connect } = await setUp();
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    const remove = (block: string) =>
      client.modifyTransitGateway({
        TransitGatewayId: gateway,
        Options: { RemoveTransitGatewayCidrBlocks: [block] },
      });
    const message = `10.200.0.0/24 of ${gateway} is in use by ${id}.`;
    await expectError(remove('10.200.0.0/24'), 'IncorrectState', message);
    const { TransitGateway } = await remove('2001:db8:200::/64');
    expect(TransitGateway!.Options!.TransitGatewayCidrBlocks).toEqual(['10.200.0.0/24']);
    await removePeer(client, id);
    await remove('10.200.0.0/24');
  });
});

describe('DescribeTransitGatewayConnectPeers', () => {
  it('C-098 finds by every filter of its reference, and by tag', async () => {
    const { client, connect } = await setUp();
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'one' }] });
    const find = async (Name: string, value: string) => {
      const asked = { Filters: [{ Name, Values: [value] }] };
      const found = await client.describeTransitGatewayConnectPeers(asked);
      return found.TransitGatewayConnectPeers!.map((one) => one.TransitGatewayConnectPeerId);
    };
    for (const [name, value] of [
      ['state', 'available'],
      ['transit-gateway-attachment-id', connect],
      ['transit-gateway-connect-peer-id', id],
      ['tag:Name', 'one'],
    ] as const) {
      expect(await find(name, value)).toEqual([id]);
      expect(await find(name, 'other')).toEqual([]);
    }
    await expectError(find('colour', 'red'), INVALID);
  });

  it('G-034 its tags are listed by its type', async () => {
    const { client, connect } = await setUp();
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'one' }] });
    const { Tags } = await client.describeTags({
      Filters: [{ Name: 'resource-type', Values: ['transit-gateway-connect-peer'] }],
    });
    expect(Tags).toMatchObject([{ ResourceId: id, Key: 'Name', Value: 'one' }]);
  });

  it('G-042 comes in pages', async () => {
    const { client, connect } = await setUp(undefined, false);
    const ids: (string | undefined)[] = [];
    for (let count = 0; count < 6; count += 1) {
      const peer = await addPeer(client, connect, { InsideCidrBlocks: inside(count) });
      ids.push(peer.TransitGatewayConnectPeerId);
    }
    const first = await client.describeTransitGatewayConnectPeers({ MaxResults: 5 });
    const { NextToken } = first;
    const second = await client.describeTransitGatewayConnectPeers({ MaxResults: 5, NextToken });
    const shown = [...first.TransitGatewayConnectPeers!, ...second.TransitGatewayConnectPeers!];
    expect(first.TransitGatewayConnectPeers).toHaveLength(5);
    expect(shown.map((one) => one.TransitGatewayConnectPeerId)).toEqual(ids);
  });
});
