import { beforeAll, describe, expect, it } from 'vitest';
import { addPeer, attachConnect, makeConnect } from '../../../test/support/connect-fixture.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { shareGateways } from '../../../test/support/sharing-fixture.ts';
import { asJson } from '../../../test/support/state-document.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { attachNewVpc, peerGateways } from '../../../test/support/transit-fixture.ts';
import { parseState } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

type Records = Record<string, Record<string, unknown>[]>;
type Document = { records: Records };

/** Two peers, and a Connect attachment on another account's VPC with a third. */
async function filledCloud() {
  const test = await testCloud();
  const client = test.ec2();
  const { gateway, connect } = await makeConnect(client);
  const peering = await peerGateways(client, gateway, (await makeConnect(client)).gateway);
  await addPeer(client, connect);
  await addPeer(client, connect, {
    InsideCidrBlocks: ['169.254.6.8/29', 'fd00::/125'],
    PeerAddress: '2001:db8::1',
  });
  await shareGateways(test, gateway);
  const { attachmentId } = await attachNewVpc(test.ec2(OTHER_ACCOUNT), gateway, '10.1.0.0/16');
  await client.acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
  const foreign = await attachConnect(client, attachmentId);
  const PeerAddress = '10.1.0.10';
  await addPeer(client, foreign, { PeerAddress, InsideCidrBlocks: ['169.254.7.0/29'] });
  return { ...test, client, gateway, connect, foreign, peering };
}

let filled: Awaited<ReturnType<typeof filledCloud>>;
let document: Document;
beforeAll(async () => {
  filled = await filledCloud();
  document = asJson(filled.cloud);
});

const peersOf = ({ records }: Document) => records['transit-gateway-connect-peer'] ?? [];
const connectsOf = ({ records }: Document) =>
  (records['transit-gateway-attachment'] ?? []).filter((one) => one.resourceType === 'connect');

describe('a state with Connect', () => {
  it('C-089 is carried over whole, also on another account’s attachment', async () => {
    expect(peersOf(document)).toHaveLength(3);
    const { cloud } = await testCloud({ seed: 2 });
    await cloud.execute((tx) => replaceState(tx, parseState(document)));
    expect(asJson(cloud)).toEqual(document);
    expect(faultsOf(cloud.model)).toEqual([]);
  });

  type Spoil = (copy: Document) => void;
  const peer =
    (members: (document: Document) => object): Spoil =>
    (copy) => {
      Object.assign(peersOf(copy)[0]!, members(copy));
    };
  const connect =
    (members: (document: Document) => object): Spoil =>
    (copy) => {
      Object.assign(connectsOf(copy)[0]!, members(copy));
    };
  const second = (name: string) => (copy: Document) => ({ [name]: peersOf(copy)[1]![name] });

  it.each<[string, Spoil, RegExp]>([
    ['C-098 a state of nobody', peer(() => ({ state: 'asleep' })), /state/],
    ['C-089 no attachment', peer(() => ({ attachmentId: 'tgw-attach-0' })), /tgw-attach-0/],
    [
      'C-089 an attachment of another kind',
      peer(() => ({ attachmentId: filled.peering })),
      /no Connect attachment of its gateway/,
    ],
    ['C-091 a reserved block', peer(insideOf('169.254.0.0/29')), /inside blocks/],
    ['C-091 a block of another size', peer(insideOf('169.254.6.0/28')), /inside blocks/],
    ['C-092 another’s inside block', peer(second('insideCidr')), /another peer has its inside/],
    [
      'C-093 addresses of two families',
      peer(second('peerAddress')),
      /addresses are of two families/,
    ],
    [
      'C-009 an address of no block',
      peer(() => ({ transitGatewayAddress: 1 })),
      /in no CIDR block of its gateway/,
    ],
    ['C-093 another’s addresses', samePair, /another peer has its two addresses/],
    ['C-094 an ASN of nobody', peer(() => ({ peerAsn: 0 })), /peerAsn/],
    ['C-089 an end before its peers’', endedConnect, /its attachment has ended/],
    ['C-089 no transport', connect(() => ({ transportAttachmentId: 'tgw-attach-0' })), /missing/],
    [
      'C-089 a transport that carries none',
      connect(() => ({ transportAttachmentId: filled.peering })),
      /carries no Connect attachment/,
    ],
    [
      'C-089 another gateway’s transport',
      connect((copy) => ({ transportAttachmentId: connectsOf(copy)[1]!.transportAttachmentId })),
      /its transport is of another gateway/,
    ],
    ['C-089 an end before what rides on it', endedTransport, /its transport has ended/],
    ['C-072 a static route to it', routed('transit-gateway-route'), /takes no static routes/],
  ])('%s is refused', (_what, spoil, message) => {
    const copy = structuredClone(document);
    spoil(copy);
    expect(() => parseState(copy)).toThrow(message);
  });

  function insideOf(text: string) {
    const [address, length] = text.split('/') as [string, string];
    const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    return () => ({ insideCidr: { address: value, length: Number(length) } });
  }

  function samePair(copy: Document) {
    const { transitGatewayAddress, peerAddress } = peersOf(copy)[0]!;
    Object.assign(peersOf(copy)[2]!, { transitGatewayAddress, peerAddress });
  }

  function endedConnect(copy: Document) {
    Object.assign(connectsOf(copy)[0]!, { state: 'deleted', endedAt: 1 });
  }

  function endedTransport(copy: Document) {
    const { transportAttachmentId } = connectsOf(copy)[0]!;
    const attachments = copy.records['transit-gateway-attachment']!;
    const transport = attachments.find(({ id }) => id === transportAttachmentId)!;
    Object.assign(transport, { state: 'deleted', endedAt: 1 });
  }

  function routed(kind: string): Spoil {
    return (copy) => {
      const { id, transitGatewayId } = connectsOf(copy)[0]!;
      const tables = copy.records['transit-gateway-route-table']!;
      const table = tables.find((one) => one.transitGatewayId === transitGatewayId)!.id;
      const destination = '192.168.0.0/16';
      const place = { transitGatewayId, routeTableId: table, attachmentId: id };
      const route = { id: `${table}|${destination}`, type: 'static', ...place };
      copy.records[kind]!.push({ ...route, destination: { address: 3_232_235_520, length: 16 } });
    };
  }
});

describe('a reset', () => {
  it('C-089 of the VPC’s account takes what rode on its attachment', async () => {
    const { cloud, connect, foreign } = await filledCloud();
    await cloud.execute((tx) => resetAccount(tx, OTHER_ACCOUNT));
    const left = asJson(cloud);
    expect(JSON.stringify(left)).not.toContain(foreign);
    expect(peersOf(left).map(({ attachmentId }) => attachmentId)).toEqual([connect, connect]);
    expect(faultsOf(cloud.model)).toEqual([]);
    expect(() => parseState(left)).not.toThrow();
  });

  it('C-089 of the gateway’s owner leaves none', async () => {
    const { cloud } = await filledCloud();
    await cloud.execute((tx) => resetAccount(tx, ACCOUNT));
    const left = asJson(cloud);
    expect([...peersOf(left), ...connectsOf(left)]).toEqual([]);
    expect(faultsOf(cloud.model)).toEqual([]);
  });
});
