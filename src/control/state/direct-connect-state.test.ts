import { beforeAll, describe, expect, it } from 'vitest';
import {
  associate,
  LOCATION,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
  PLAIN,
} from '../../../test/support/direct-connect-fixture.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { asJson } from '../../../test/support/state-document.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import { attachNewGateway } from '../../../test/support/vpn-fixture.ts';
import { AwsError } from '../../model/error.ts';
import type { Kind } from '../../model/schema.ts';
import type { Cloud } from '../cloud.ts';
import { parseState } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

type Document = { records: Record<string, Record<string, unknown>[]> };

const KINDS: readonly Kind[] = [
  'direct-connect-lag',
  'direct-connect-connection',
  'direct-connect-gateway',
  'direct-connect-virtual-interface',
  'direct-connect-gateway-association',
  'direct-connect-gateway-association-proposal',
  'direct-connect-failover-test',
];

/** Something of every kind, of two accounts: ACCOUNT has the Direct Connect gateway. */
async function filledCloud(): Promise<Cloud> {
  const { cloud, ec2, directConnect } = await testCloud();
  const dx = directConnect();
  const other = directConnect(OTHER_ACCOUNT);
  const connectionId = await makeConnection(dx);
  const directConnectGatewayId = await makeGateway(dx);
  const { virtualInterfaceId } = await makeTransit(dx, connectionId, { directConnectGatewayId });
  await makeTransit(dx, connectionId, { vlan: 102, directConnectGatewayId });
  await dx.startBgpFailoverTest({ virtualInterfaceId: virtualInterfaceId! });
  const far = await makeTransitGateway(ec2(ACCOUNT, 'eu-west-1'));
  await associate(dx, directConnectGatewayId, far, ['10.0.0.0/16']);
  const { directConnectGatewayAssociationProposal: proposal } =
    await other.createDirectConnectGatewayAssociationProposal({
      directConnectGatewayId,
      directConnectGatewayOwnerAccount: ACCOUNT,
      gatewayId: await makeTransitGateway(ec2(OTHER_ACCOUNT)),
      addAllowedPrefixesToDirectConnectGateway: [{ cidr: '10.1.0.0/16' }],
    });
  await dx.acceptDirectConnectGatewayAssociationProposal({
    directConnectGatewayId,
    proposalId: proposal!.proposalId!,
    associatedGatewayOwnerAccount: OTHER_ACCOUNT,
  });
  const lag = { numberOfConnections: 1, location: LOCATION, connectionsBandwidth: '1Gbps' };
  await dx.createLag({ ...lag, lagName: 'lag' });
  await dx.allocateHostedConnection({
    connectionId,
    ownerAccount: OTHER_ACCOUNT,
    bandwidth: '50Mbps',
    connectionName: 'hosted',
    vlan: 7,
  });
  await dx.allocatePrivateVirtualInterface({
    connectionId,
    ownerAccount: OTHER_ACCOUNT,
    newPrivateVirtualInterfaceAllocation: { ...PLAIN, vlan: 103 },
  });
  const { vpnGatewayId: virtualGatewayId } = await attachNewGateway(ec2(OTHER_ACCOUNT));
  const own = await makeConnection(other);
  await makePrivate(other, own, { virtualGatewayId, addressFamily: 'ipv6' });
  return cloud;
}

let document: Document;
beforeAll(async () => {
  const cloud = await filledCloud();
  expect(faultsOf(cloud.model)).toEqual([]);
  document = asJson(cloud);
});

describe('a state with Direct Connect', () => {
  it('is carried over whole', async () => {
    for (const kind of KINDS) expect(document.records[kind]?.length).toBeGreaterThan(0);
    const other = await testCloud({ seed: 2 });
    const changes = parseState(document);
    await other.cloud.execute((tx) => replaceState(tx, changes));
    expect(asJson(other.cloud)).toEqual(document);
    expect(faultsOf(other.cloud.model)).toEqual([]);
  });

  const spoilt: [Kind, string, object, RegExp][] = [
    ['direct-connect-connection', 'a state nobody knows', { state: 'lost' }, /state/],
    ['direct-connect-connection', 'a LAG that is missing', { lagId: 'dxlag-0' }, /dxlag-0/],
    ['direct-connect-connection', 'no parent', hosted('dxcon-0'), /dxcon-0/],
    ['direct-connect-gateway', 'a Region', { region: 'eu-west-1' }, /another Region/],
    ['direct-connect-gateway', 'another owner', { account: '333333333333' }, /another account/],
    ['direct-connect-virtual-interface', 'no VLAN', { vlan: 0 }, /vlan/],
    ['direct-connect-virtual-interface', 'no connection', { connectionId: 'dxcon-0' }, /dxcon-0/],
    ['direct-connect-virtual-interface', 'another’s VLAN', { vlan: 102 }, /VLAN belongs/],
    ['direct-connect-virtual-interface', 'no gateway', { gateway: undefined }, /no gateway/],
    ['direct-connect-virtual-interface', 'another MTU', { mtu: 1400 }, /mtu/],
    ['direct-connect-virtual-interface', 'no such gateway', at('x'), /needs the direct-connect/],
    ['direct-connect-gateway-association', 'none of its gateways', between('tgw-0'), /tgw-0/],
    ['direct-connect-gateway-association', 'no attachment', { attachmentId: undefined }, /attach/],
    ['direct-connect-gateway-association-proposal', 'no owner', ownedBy('me'), /12 digits/],
    ['direct-connect-failover-test', 'no time', { minutes: 0 }, /minutes/],
  ];

  function hosted(parentId: string) {
    return { hosted: { parentId, vlan: 1 } };
  }

  function at(id: string) {
    return { gateway: { kind: 'direct-connect-gateway', id } };
  }

  function between(id: string) {
    return { gateway: { kind: 'transit-gateway', id, account: ACCOUNT } };
  }

  function ownedBy(directConnectGatewayOwner: string) {
    return { directConnectGatewayOwner };
  }

  it.each(spoilt)('is refused with a %s of %s', (kind, _what, members, message) => {
    const copy = structuredClone(document);
    Object.assign(copy.records[kind]![0]!, members);
    const plain: unknown = JSON.parse(JSON.stringify(copy));
    expect(() => parseState(plain)).toThrow(AwsError);
    expect(() => parseState(plain)).toThrow(message);
  });

  it('is refused with peers of one family, or addresses of two blocks', () => {
    const change = (make: (peers: Record<string, unknown>[]) => void) => {
      const copy = structuredClone(document);
      make(copy.records['direct-connect-virtual-interface']![0]!.bgpPeers as never);
      return () => parseState(copy);
    };
    expect(change((peers) => peers.push({ ...peers[0], id: 'dxpeer-0' }))).toThrow(/one family/);
    expect(
      change(([peer]) => Object.assign(peer!, { customerAddress: peer!.amazonAddress })),
    ).toThrow(/one block/);
    const elsewhere = { address: 167_772_162, length: 30 };
    expect(change(([peer]) => Object.assign(peer!, { customerAddress: elsewhere }))).toThrow(
      /one block/,
    );
  });

  const broken: [Kind, string, object, RegExp][] = [
    ['direct-connect-lag', 'connections of another speed', { bandwidth: '10Gbps' }, /two speeds/],
    ['direct-connect-lag', 'too few connections', { minimumLinks: 4 }, /too few/],
    ['direct-connect-virtual-interface', 'no test', { state: 'testing' }, /testing without/],
    ['direct-connect-virtual-interface', 'both kinds', { type: 'private' }, /of both kinds/],
    ['direct-connect-virtual-interface', 'no peer', { bgpPeers: [] }, /no peer/],
    ['direct-connect-gateway', 'the ASN at its other end', { amazonSideAsn: 64_512 }, /one ASN/],
    ['direct-connect-gateway-association', 'no next prefixes', { state: 'updating' }, /updating/],
    ['direct-connect-gateway-association', 'an attachment', { state: 'disassociating' }, /parted/],
  ];

  it.each(broken)('a %s with %s would be seen', async (kind, _what, members, message) => {
    const { cloud } = await testCloud();
    const last = document.records[kind]!.length - 1;
    const copy = structuredClone(document);
    const index = kind === 'direct-connect-virtual-interface' ? 1 : last;
    Object.assign(copy.records[kind]![index]!, members);
    await cloud.execute((tx) => {
      for (const [name, records] of Object.entries(copy.records)) {
        for (const record of records) tx.put(name as Kind, record as never);
      }
    });
    expect(faultsOf(cloud.model).join('\n')).toMatch(message);
  });

  it.each([
    [ACCOUNT, OTHER_ACCOUNT],
    [OTHER_ACCOUNT, ACCOUNT],
  ])('is emptied of account %s, and nothing of it is left over', async (gone, left) => {
    const cloud = await filledCloud();
    await cloud.execute((tx) => resetAccount(tx, gone));
    expect(faultsOf(cloud.model)).toEqual([]);
    const owners = KINDS.flatMap((kind) =>
      [...cloud.model.all(kind)].map((one) => (one as { account?: string }).account),
    );
    expect(new Set(owners)).toEqual(new Set([left]));
    const attached = [...cloud.model.all('transit-gateway-attachment')];
    expect(attached.every(({ account }) => account === left)).toBe(true);
  });
});
