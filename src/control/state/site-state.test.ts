import { beforeAll, describe, expect, it } from 'vitest';
import { addPeer, makeConnect } from '../../../test/support/connect-fixture.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { asJson } from '../../../test/support/state-document.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { connect, makeCustomerGateway } from '../../../test/support/vpn-fixture.ts';
import { type Cidr, parseCidr } from '../../net/cidr.ts';
import { formatIp, type Ip, parseIp } from '../../net/ip.ts';
import { addSite, setSiteLinks } from '../hybrid/site.ts';
import { parseState } from './document.ts';
import { replaceState } from './replace.ts';

type Json = Record<string, unknown>;
type Document = { records: Record<string, Json[]> };

const blocks = (...texts: string[]): Cidr[] => texts.map((text) => parseCidr(text)!);
const hosts = (...texts: string[]): Ip[] => texts.map((text) => parseIp(text)!);

/** Behind a customer gateway, with a tunnel that is down, and behind a Connect peer. */
async function filledCloud() {
  const { cloud, ec2 } = await testCloud();
  const CustomerGatewayId = await makeCustomerGateway(ec2());
  const { gateway: TransitGatewayId, connect: attachment } = await makeConnect(ec2());
  const { VpnConnectionId } = await connect(ec2(), { CustomerGatewayId, TransitGatewayId });
  const { TransitGatewayConnectPeerId: peer = '' } = await addPeer(ec2(), attachment);
  const [tunnel] = cloud.model.get('vpn-connection', VpnConnectionId!)!.tunnels;
  const there = { prefixes: blocks('192.168.0.0/16'), hosts: hosts('192.168.0.10') };
  const vpn = { kind: 'customer-gateway', id: CustomerGatewayId } as const;
  const gre = { kind: 'transit-gateway-connect-peer', id: peer } as const;
  await cloud.execute((tx) => {
    addSite(tx, { ...there, name: 'dc1', uplink: vpn, tap: 'tap0' });
    addSite(tx, { ...there, name: 'dc2', uplink: gre, tap: 'tap1' });
    setSiteLinks(tx, 'dc1', { [formatIp(tunnel.outsideAddress)]: 'unreachable' });
  });
  return { cloud, vpn, gre };
}

let filled: Awaited<ReturnType<typeof filledCloud>>;
let document: Document;
beforeAll(async () => {
  filled = await filledCloud();
  document = asJson(filled.cloud);
});

/** The document with its first site spoilt. */
function spoilt(members: (site: Json, other: Json) => Json): Document {
  const copy = structuredClone(document);
  const [site, other] = copy.records.site as [Json, Json];
  Object.assign(site, members(site, other));
  return copy;
}

describe('a state with sites', () => {
  it('is carried over whole, with what devices were set up with', async () => {
    const [site] = document.records.site!;
    expect(Object.keys(site!.neighborAsns as Json)).toHaveLength(2);
    expect(Object.values(site!.links as Json)).toEqual(['unreachable']);
    const { cloud } = await testCloud({ seed: 2 });
    await cloud.execute((tx) => replaceState(tx, parseState(document)));
    expect(asJson(cloud)).toEqual(document);
    expect(faultsOf(cloud.model)).toEqual([]);
  });

  it.each<[string, (site: Json, other: Json) => Json, RegExp]>([
    ['a name with a slash', () => ({ id: 'a/../b' }), /The name 'a\/\.\.\/b' is none of a site/],
    ['a tap with a slash', () => ({ tap: 'a/b' }), /The tap 'a\/b' is no name/],
    ['a tap that is a folder', () => ({ tap: '..' }), /The tap '\.\.' is no name/],
    ['another’s tap', (_, { tap }) => ({ tap }), /The tap 'tap1' is that of the site 'dc2'/],
    ['another’s place', (_, { uplink }) => ({ uplink }), /The site 'dc2' stands behind tgw-/],
    ['a host outside', () => ({ hosts: hosts('10.0.0.1') }), /host 10\.0\.0\.1 is in none/],
    [
      'a host twice',
      () => ({ hosts: hosts('192.168.0.9', '192.168.0.9') }),
      /hosts have 192\.168\.0\.9 twice/,
    ],
    [
      'a prefix twice',
      ({ prefixes }) => ({ prefixes: [...(prefixes as []), ...(prefixes as [])] }),
      /prefixes have 192\.168\.0\.0\/16 twice/,
    ],
    ['a reserved prefix', () => ({ prefixes: blocks('240.0.0.0/8') }), /240\.0\.0\.0\/8 .*class E/],
    [
      'too many hosts',
      () => ({ hosts: Array.from({ length: 1001 }, (_, index) => 0xc0a8_0000 + index) }),
      /at most 1000 hosts/,
    ],
    ['a link that is none', () => ({ links: { 'vpn-0|1.2.3.4': 'down' } }), /no link 'vpn-0\|/],
    [
      'another’s link',
      (_, { uplink }) => ({ links: { [(uplink as { id: string }).id]: 'down' } }),
      /no link 'tgw-connect-peer-/,
    ],
    ['the set-up of no link', () => ({ neighborAsns: { x: 64_512 } }), /no link 'x'/],
    [
      'a place of another kind',
      () => ({ uplink: { ...filled.vpn, kind: 'virtual-interface' } }),
      /'cgw-\w+' is no id of a virtual-interface/,
    ],
    ['another’s account', () => ({ account: OTHER_ACCOUNT }), /cgw-\w+' of another account/],
    ['a router at port 0', () => ({ bgp: { address: 1, port: 0 } }), /bgp\.port/],
  ])('is refused with %s', (_what, members, message) => {
    expect(() => parseState(spoilt(members))).toThrow(message);
  });

  it('may have one whose place is gone', () => {
    const uplink = { kind: 'virtual-interface', id: 'dxvif-00000000' };
    expect(() => parseState(spoilt(() => ({ uplink, links: {}, neighborAsns: {} })))).not.toThrow();
  });
});
