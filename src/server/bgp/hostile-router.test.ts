/** A router behind a site that says anything: it is told why not, and nothing stays of it. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../test/support/bgp-router.ts';
import {
  makeConnection,
  makeGateway,
  makeTransit,
} from '../../../test/support/direct-connect-fixture.ts';
import {
  type Call,
  HostileRouter,
  KEEPALIVE,
  type OpenWish,
  openOf,
} from '../../../test/support/hostile-router.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import {
  defaultTable,
  makeTransitGateway,
  routesOf,
} from '../../../test/support/transit-fixture.ts';
import {
  attachNewGateway,
  connect,
  lookAtConnection,
  makeCustomerGateway,
} from '../../../test/support/vpn-fixture.ts';
import { addSite, removeSite } from '../../control/hybrid/site.ts';
import { formatCidr } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import { encodeNotification, shutdownData } from '../../wire/bgp/notification.ts';
import { message, spoiltMessage, update } from '../../wire/bgp/test-bgp.ts';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { siteView } from '../site-view.ts';
import type { SessionError } from './session-errors.ts';

const ASN = 65_010;

/** A VPN connection whose device is a hostile router, its site called `dc`. */
class Victim {
  readonly router: HostileRouter;
  readonly #cloud: TestCloud;
  readonly #customerGatewayId: string;
  readonly connectionId: string;
  readonly table: string | undefined;

  private constructor(
    router: HostileRouter,
    cloud: TestCloud,
    ids: { customerGatewayId: string; connectionId: string; table?: string },
  ) {
    this.router = router;
    this.#cloud = cloud;
    this.#customerGatewayId = ids.customerGatewayId;
    this.connectionId = ids.connectionId;
    this.table = ids.table;
  }

  static async open(gateway: 'vpn-gateway' | 'transit-gateway' = 'vpn-gateway'): Promise<Victim> {
    const cloud = await testCloud();
    const ec2 = cloud.ec2();
    const customerGatewayId = await makeCustomerGateway(ec2, '203.0.113.1', ASN);
    const request = { CustomerGatewayId: customerGatewayId };
    if (gateway === 'vpn-gateway') {
      const { vpnGatewayId: VpnGatewayId } = await attachNewGateway(ec2);
      const { VpnConnectionId } = await connect(ec2, { ...request, VpnGatewayId });
      const ids = { customerGatewayId, connectionId: VpnConnectionId! };
      return new Victim(await HostileRouter.listen(), cloud, ids);
    }
    const TransitGatewayId = await makeTransitGateway(ec2);
    const { VpnConnectionId } = await connect(ec2, { ...request, TransitGatewayId });
    const table = await defaultTable(ec2, TransitGatewayId);
    const ids = { customerGatewayId, connectionId: VpnConnectionId!, table };
    return new Victim(await HostileRouter.listen(), cloud, ids);
  }

  /** Lets real time pass, in milliseconds. */
  pass(millis: number): void {
    this.#cloud.pass(millis);
  }

  /** Stops the lab, as SIGTERM does; the router stays. */
  stop(): Promise<void> {
    return this.#cloud.lab.close();
  }

  async close(): Promise<void> {
    const stopped = this.stop();
    this.router.close();
    await stopped;
  }

  async stand(port = this.router.port): Promise<void> {
    await this.#cloud.cloud.execute((tx) =>
      addSite(tx, {
        name: 'dc',
        uplink: { kind: 'customer-gateway', id: this.#customerGatewayId },
        ...{ prefixes: [], hosts: [] },
        bgp: { address: parseIp('127.0.0.1')!, port },
      }),
    );
  }

  async remove(): Promise<void> {
    await this.#cloud.cloud.execute((tx) => removeSite(tx, 'dc'));
  }

  /** A session up to Established. */
  async session(): Promise<Call> {
    await this.stand();
    return this.router.session(ASN);
  }

  /** All that the model holds but how sessions are. */
  records(): string[] {
    return this.#cloud.cloud
      .snapshot()
      .filter(({ kind }) => kind !== 'bgp-session' && kind !== 'vpn-connection')
      .map((change) => JSON.stringify(change));
  }

  learned(): string[] {
    const { model } = this.#cloud.cloud;
    return [...model.all('learned-route')].map(({ destination }) => formatCidr(destination));
  }

  faults(): string[] {
    return faultsOf(this.#cloud.cloud.model);
  }

  /** Why the session is down, as the site's endpoint tells it. */
  lastError(): SessionError | undefined {
    const { lab, cloud } = this.#cloud;
    const { links } = siteView(lab, cloud.model.get('site', 'dc')!);
    return links.flatMap(({ bgp }) => bgp)[0]?.lastError;
  }

  async telemetry(): Promise<string[]> {
    const { VgwTelemetry } = await lookAtConnection(this.#cloud.ec2(), this.connectionId);
    return VgwTelemetry!.map((one) => `${one.Status} ${one.AcceptedRouteCount}`).sort();
  }

  /** Routes that the gateway's table shows, where it is a transit gateway. */
  async propagated(): Promise<number> {
    return (await routesOf(this.#cloud.ec2(), this.table!)).length;
  }
}

/** What makes a good route of 65010, attribute by attribute. */
const GOOD = {
  origin: '40 01 01 00',
  path: '40 02 06 02 01 0000fdf2',
  hop: '40 03 04 0a090009',
};
const announceWith = (wrong: Partial<typeof GOOD>, prefix: string, more = '') => {
  const { origin, path, hop } = { ...GOOD, ...wrong };
  return update('', `${origin} ${path} ${hop} ${more}`, prefix);
};
const announce = (prefix: string, more = '') => announceWith({}, prefix, more);
const octets = (bytes: Uint8Array, at: number, ...values: number[]) => {
  bytes.set(values, at);
  return bytes;
};
const open = (wish: OpenWish = {}) => openOf(ASN, wish);
/** 10.0.0.0/8 and 172.16.0.0/16, as they stand in messages. */
const [TEN, SIXTEEN] = ['08 0a', '10 ac10'];

describe('a router that says anything', () => {
  let victim: Victim;
  beforeEach(async () => {
    victim = await Victim.open();
  });
  afterEach(() => victim.close());

  const OPENS: [string, string, Uint8Array][] = [
    [
      'H-090 garbage',
      '1/1',
      fromHex('47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a 0d 0a 0d 0a'),
    ],
    ['H-090 a marker that is not all ones', '1/1', octets(open(), 15, 0xfe)],
    ['H-090 a length below a header’s', '1/2 0012', octets(open(), 16, 0, 18)],
    ['H-090 a length above the longest message’s', '1/2 1001', octets(open(), 16, 0x10, 1)],
    ['H-090 a truncated OPEN', '1/2 001b', message(1, '04 fdf2 005a 0a0900')],
    ['H-090 a KEEPALIVE with a body', '1/2 0014', message(4, '00')],
    ['H-090 an unknown type', '1/3 09', message(9, '')],
    ['H-091 another version', '2/1 0004', octets(open(), 19, 3)],
    ['H-091 another AS', '2/2', openOf(65_011)],
    ['H-091 AS 0', '2/2', openOf(0)],
    ['H-095 another AS in the capability than in the field', '2/2', open({ fourOctetAs: 65_011 })],
    ['H-091 identifier 0', '2/3', open({ identifier: 0 })],
    ['H-091 an unknown parameter', '2/4', message(1, '04 fdf2 005a 0a090009 02 01 00')],
    ['H-091 hold time 1', '2/6', open({ holdSeconds: 1 })],
    ['H-091 hold time 2', '2/6', open({ holdSeconds: 2 })],
    ['H-091 parameters that run over', '2/0', message(1, '04 fdf2 005a 0a090009 04 02 06 00 00')],
    ['H-091 no family of ours', '2/7 010400010001', open({ families: [{ afi: 25, safi: 65 }] })],
    ['H-089 a KEEPALIVE before the OPEN', '5/1', KEEPALIVE],
    ['H-089 an UPDATE before the OPEN', '5/1', announce(TEN)],
  ];
  it.each(OPENS)('%s instead of an OPEN: NOTIFICATION %s', async (_, expected, bytes) => {
    await victim.stand();
    const before = victim.records();
    const call = await victim.router.call();
    call.send(bytes);
    expect(await call.notification()).toBe(expected);
    expect(victim.records()).toEqual(before);
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'DOWN 0']);
  });

  it('H-089 an UPDATE before the session is confirmed: NOTIFICATION 5/2', async () => {
    await victim.stand();
    const call = await victim.router.call();
    call.send(open(), announce(TEN));
    expect(await call.notification()).toBe('5/2');
    expect(victim.learned()).toEqual([]);
  });

  const RESETS: [string, string, Uint8Array][] = [
    ['H-089 a second OPEN', '5/3', open()],
    ['H-100 withdrawn routes that run over', '3/1', message(2, '00ff 0000')],
    ['H-100 attributes that run over the message', '3/1', message(2, '0000 00ff')],
    ['H-100 MP_REACH twice', '3/1', announce(TEN, `${mpReach()} ${mpReach()}`)],
    ['H-100 an unknown well-known attribute', '3/2 407700', announce(TEN, '40 77 00')],
    ['H-100 a prefix longer than an address', '3/10', announce('21 0a00000001')],
    ['H-100 a prefix past the end', '3/10', announce('18 0a00')],
    ['H-090 a length that cannot be', '1/2 0000', octets(announce(TEN), 16, 0, 0)],
  ];
  it.each(RESETS)('%s ends the session: NOTIFICATION %s', async (_, expected, bytes) => {
    const before = victim.records();
    const call = await victim.session();
    call.send(announce(TEN));
    await call.until('it is learned', () => victim.learned().length === 1);
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'UP 1']);
    call.send(announce(SIXTEEN), bytes, announce('08 0b'));
    expect(await call.notification()).toBe(expected);
    expect(victim.learned()).toEqual([]);
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'DOWN 0']);
    await victim.remove();
    expect(victim.records()).toEqual(before);
  });

  const WITHDRAWN: [string, Partial<typeof GOOD>, string?][] = [
    ['H-098 an unknown ORIGIN', { origin: '40 01 01 07' }],
    ['H-098 ORIGIN flagged optional', { origin: 'c0 01 01 00' }],
    ['H-098 AS 0 in the path', { path: '40 02 06 02 01 00000000' }],
    ['H-098 a segment of no known type', { path: '40 02 06 09 01 0000fdf2' }],
    ['H-098 no NEXT_HOP', { hop: '' }],
    ['H-098 a short MED', {}, '80 04 02 0001'],
    ['H-098 empty COMMUNITIES', {}, 'c0 08 00'],
    ['H-101 AWS’s own AS', { path: '40 02 0a 02 02 0000fdf2 0000fc00' }],
    ['H-101 another first AS', { path: '40 02 06 02 01 0000fdf3' }],
    ['H-102 a multicast next hop', { hop: '40 03 04 e0000001' }],
  ];
  it.each(WITHDRAWN)('%s: that route goes, the session stays', async (_, wrong, more) => {
    const call = await victim.session();
    call.send(announce(TEN), announce(SIXTEEN));
    await call.until('both are learned', () => victim.learned().length === 2);
    call.send(announceWith(wrong, TEN, more));
    await call.until('one goes', () => victim.learned().length === 1);
    expect(victim.learned()).toEqual(['172.16.0.0/16']);
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'UP 1']);
    expect(call.ended).toBe(false);
  });

  const TAKEN: [string, string][] = [
    ['H-099 LOCAL_PREF of an external peer', '40 05 04 00000064'],
    ['H-099 a bad AGGREGATOR', 'c0 07 03 010203'],
    ['H-099 ORIGIN a second time', '40 01 01 02'],
    ['H-104 an unknown optional attribute', 'c0 77 02 0102'],
  ];
  it.each(TAKEN)('%s: the route is taken', async (_, more) => {
    const call = await victim.session();
    call.send(announce(TEN, more));
    await call.until('it is learned', () => victim.learned().length === 1);
    expect(call.ended).toBe(false);
  });

  it('H-080 the 101st prefix at a virtual private gateway: NOTIFICATION 6/1, all are gone', async () => {
    const call = await victim.session();
    call.send(...prefixes(100));
    await call.until('100 are learned', () => victim.learned().length === 100);
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'UP 100']);
    call.send(announce(TEN));
    expect(await call.notification()).toBe('6/1 00010100000064');
    expect(victim.learned()).toEqual([]);
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'DOWN 0']);
  });

  it('H-089 whose server is stopped is told: NOTIFICATION 6/2, and why', async () => {
    const call = await victim.session();
    call.send(announce(TEN));
    await call.until('it is learned', () => victim.learned().length === 1);
    await victim.stop();
    const text = 'openvpc is shutting down';
    const data = toHex(Uint8Array.of(text.length, ...new TextEncoder().encode(text)));
    expect(await call.notification()).toBe(`6/2 ${data}`);
    expect(victim.learned()).toEqual(['10.0.0.0/8']);
  });

  it('H-089 whose server is stopped before they have agreed is told as well', async () => {
    await victim.stand();
    const call = await victim.router.call();
    await victim.stop();
    expect(await call.notification()).toMatch(/^6\/2 /);
  });

  it('H-087 a router that never speaks is told after four minutes', async () => {
    await victim.stand();
    const call = await victim.router.call();
    victim.pass(239_000);
    expect(call.ended).toBe(false);
    victim.pass(1_000);
    expect(await call.notification()).toBe('4/0');
    expect(await victim.telemetry()).toEqual(['DOWN 0', 'DOWN 0']);
  });

  it('H-092 one that falls silent loses its routes after its hold time', async () => {
    await victim.stand();
    const call = await victim.router.call();
    call.send(open({ holdSeconds: 9 }), KEEPALIVE, announce(TEN));
    await call.until('it is learned', () => victim.learned().length === 1);
    victim.pass(8_000);
    expect(victim.learned()).toEqual(['10.0.0.0/8']);
    victim.pass(1_000);
    expect(await call.notification()).toBe('4/0');
    expect(victim.learned()).toEqual([]);
  });

  it('a flood of good messages is dealt with, and others are heard meanwhile', async () => {
    const call = await victim.session();
    const megabyte = Buffer.concat(
      Array.from({ length: 10_000 }, (_, index) => {
        return index % 2 ? KEEPALIVE : announce(TEN, `80 04 04 0000${hex16(index)}`);
      }),
    );
    for (let sent = 0; sent < 4; sent++) {
      await call.flood(megabyte);
      expect((await victim.telemetry())[0]).toBe('DOWN 0');
    }
    call.send(announce(SIXTEEN));
    await call.until('the last one is learned', () => victim.learned().length === 2);
    expect(call.ended).toBe(false);
  });

  it('a flood of garbage ends at its first message, and the rest is not heard', async () => {
    const call = await victim.session();
    for (let sent = 0; sent < 8; sent++) await call.flood(new Uint8Array(1_000_000));
    expect(await call.notification()).toBe('1/1');
    expect(victim.faults()).toEqual([]);
  });

  it('whatever it says, what AWS says is in order, and nothing of it stays', async () => {
    const before = victim.records();
    let [lasted, refused] = [0, 0];
    const one = fc.asyncProperty(
      fc.boolean(),
      fc.array(spoiltMessage, { minLength: 1, maxLength: 12 }),
      async (established, messages) => {
        const call = established
          ? await victim.session()
          : await victim.stand().then(() => victim.router.call());
        call.send(...messages);
        call.hangUp();
        await call.end();
        if (call.count('notification') > 0) refused++;
        else lasted++;
        expect(victim.faults()).toEqual([]);
        await victim.remove();
        expect(victim.records()).toEqual(before);
      },
    );
    await fc.assert(one, { numRuns: 100, seed: 20 });
    expect([lasted > 0, refused > 0]).toEqual([true, true]);
  });
});

describe('why there is no session with a router', () => {
  let victim: Victim;
  beforeEach(async () => {
    victim = await Victim.open();
  });
  afterEach(() => victim.close());

  const error = async (call: Call) => {
    await call.until('AWS knows why', () => victim.lastError() !== undefined);
    return victim.lastError();
  };

  it('H-089 is what the router has said, with the words of its operator', async () => {
    const call = await victim.session();
    expect(victim.lastError()).toBeUndefined();
    const notification = { code: 6, subcode: 2, data: shutdownData('Wartung') };
    call.send(encodeNotification(notification));
    const name = 'Cease/Administrative Shutdown (6/2)';
    expect(await error(call)).toEqual({
      reason: `the device sent ${name}: "Wartung"`,
      notification: { sentBy: 'customer', code: 6, subcode: 2, name, text: 'Wartung' },
    });
  });

  it('H-080 is what AWS has said', async () => {
    const call = await victim.session();
    call.send(...prefixes(101));
    expect((await error(call))?.reason).toBe(
      'AWS sent Cease/Maximum Number of Prefixes Reached (6/1)',
    );
  });

  it('is a connection that was lost', async () => {
    const call = await victim.session();
    call.hangUp();
    expect(await error(call)).toEqual({ reason: 'connection lost' });
  });

  it('is a connection that was refused', async () => {
    const { port } = victim.router;
    victim.router.close();
    await victim.stand(port);
    await waitUntil('it is refused', () => victim.lastError() !== undefined);
    expect(victim.lastError()).toEqual({ reason: 'connection refused' });
  });
});

describe('a router that says too much to a transit gateway', () => {
  it('H-080 the 1,001st prefix: NOTIFICATION 6/1, all are gone', async () => {
    const victim = await Victim.open('transit-gateway');
    try {
      const call = await victim.session();
      call.send(...prefixes(1000));
      await call.until('1,000 are learned', () => victim.learned().length === 1000);
      expect(await victim.propagated()).toBe(1000);
      call.send(announce(TEN));
      expect(await call.notification()).toBe('6/1 000101000003e8');
      expect([await victim.propagated(), victim.learned()]).toEqual([0, []]);
    } finally {
      await victim.close();
    }
  });
});

describe('a router that says too much at a virtual interface', () => {
  const opened: { close: () => void }[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });

  async function standAtInterface() {
    const cloud = await testCloud();
    const dx = cloud.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    const vif = await makeTransit(dx, await makeConnection(dx), { directConnectGatewayId });
    const router = await HostileRouter.listen();
    opened.push({ close: () => void cloud.lab.close() }, router);
    await cloud.cloud.execute((tx) =>
      addSite(tx, {
        name: 'dc',
        uplink: { kind: 'virtual-interface', id: vif.virtualInterfaceId! },
        ...{ prefixes: [], hosts: [] },
        bgp: { address: parseIp('127.0.0.1')!, port: router.port },
      }),
    );
    return {
      router,
      learned: () => cloud.cloud.model.count('learned-route', 'link', vif.virtualInterfaceId!),
    };
  }

  it('H-078 no hold timer at all: NOTIFICATION 2/6', async () => {
    const { router, learned } = await standAtInterface();
    const call = await router.call();
    call.send(open({ holdSeconds: 0 }));
    expect(await call.notification()).toBe('2/6');
    expect(learned()).toBe(0);
  });

  it('H-081 the 101st prefix: NOTIFICATION 6/1, all are gone', async () => {
    const { router, learned } = await standAtInterface();
    const call = await router.session(ASN);
    call.send(...prefixes(100));
    await call.until('100 are learned', () => learned() === 100);
    call.send(announce(TEN));
    expect(await call.notification()).toBe('6/1 00010100000064');
    expect(learned()).toBe(0);
  });
});

function mpReach(): string {
  return '80 0e 15 0002 01 10 20010db8000000000000000000000001 00';
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** As many /24s, a message each. */
function prefixes(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => announce(`18 64${hex16(index)}`));
}
