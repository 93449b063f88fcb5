/** A site's tap without Linux: what is behind it is a host of ours on the same link. */
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { launchOne, lookAtInstance, makeNetwork } from '../../../test/support/instance-fixture.ts';
import { mainTable } from '../../../test/support/route-fixture.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import {
  addRoute,
  connectStatic,
  makeCustomerGateway,
  makeVpnGateway,
} from '../../../test/support/vpn-fixture.ts';
import { addSite, removeSite, type SiteRequest } from '../../control/hybrid/site.ts';
import { resetState } from '../../control/state/replace.ts';
import { udpFrame } from '../../fabric/test-frames.ts';
import { Host } from '../../guests/host/host.ts';
import type { PingResult } from '../../guests/host/pings.ts';
import { block, ip } from '../../guests/host/test-support.ts';
import type { Tap, TapOptions } from '../../guests/tap.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { mac } from '../../net/mac.ts';
import { Random } from '../../net/random.ts';

const HOME = block('192.168.0.0/16');
const PLAYED = ip('192.168.77.7');
const LINUX_MAC = mac(0x02_00_00_00_99_01);

/** Taps that exist in memory alone: each is a link with one host on it. */
class Taps {
  readonly open = new Map<string, FakeTap>();
  refusal: string | undefined;

  readonly openTap = (options: TapOptions): Tap | string => {
    if (this.refusal !== undefined) return this.refusal;
    if (this.open.has(options.name)) return `${options.name} is refused: it is open`;
    const tap = new FakeTap(options, () => this.open.delete(options.name));
    this.open.set(options.name, tap);
    return tap;
  };
}

class FakeTap implements Tap {
  readonly lost = 0;
  readonly hardwareAddress = LINUX_MAC;
  readonly name: string;
  readonly host: Host;
  readonly #onClose: () => void;
  /** What is on the link, on its way to either side. */
  readonly #queue: (() => void)[] = [];
  readonly #onFrame: TapOptions['onFrame'];
  /** What has come out of it. */
  received = 0;

  constructor({ name, onFrame }: TapOptions, onClose: () => void) {
    this.name = name;
    this.#onClose = onClose;
    this.#onFrame = onFrame;
    const random = new Random(7);
    const [now, rand] = [() => 0, () => random.uint32()];
    const transmit = (frame: Uint8Array) => this.send(frame);
    this.host = new Host({ mac: LINUX_MAC, mtu: 1400, transmit, now, random: rand });
    this.host.configure({
      addresses: [ip('192.168.1.1'), ip('fd00:5:1::1')],
      onLink: [block('192.168.1.0/24'), block('fd00:5:1::/64')],
      gateway4: ip('169.254.20.5') as Ipv4,
      gateway6: ip('fd00:ffff::1') as Ipv6,
    });
  }

  transmit(frame: Uint8Array): void {
    this.received += 1;
    this.#queue.push(() => this.host.receive(frame.slice()));
  }

  /** As Linux sends a frame; `settle` carries it. */
  send(frame: Uint8Array): void {
    this.#queue.push(() => this.#onFrame(frame));
  }

  settle(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.#onClose();
  }
}

describe('a site with a tap', () => {
  let taps: Taps;
  let warnings: string[];
  let test: TestCloud;
  let customerGatewayId: string;
  let request: SiteRequest;
  let instance: string;

  beforeEach(async () => {
    taps = new Taps();
    warnings = [];
    const onWarning = (message: string) => void warnings.push(message);
    test = await testCloud({ taps: { openTap: taps.openTap, onWarning } });
    const ec2 = test.ec2();
    const { vpcId, subnetId, groupId } = await makeNetwork(ec2);
    const VpnGatewayId = await makeVpnGateway(ec2);
    await ec2.attachVpnGateway({ VpnGatewayId, VpcId: vpcId });
    const { RouteTableId } = await mainTable(ec2, vpcId);
    await ec2.enableVgwRoutePropagation({ RouteTableId, GatewayId: VpnGatewayId });
    customerGatewayId = await makeCustomerGateway(ec2);
    const connection = {
      ...{ CustomerGatewayId: customerGatewayId, VpnGatewayId },
      Options: { TunnelOptions: [{ TunnelInsideCidr: '169.254.20.4/30' }] },
    };
    await addRoute(ec2, await connectStatic(ec2, connection), '192.168.0.0/16');
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.authorizeSecurityGroupIngress({ GroupId: groupId, IpPermissions });
    instance = await launchOne(ec2, { SubnetId: subnetId });
    request = {
      name: 'dc',
      uplink: { kind: 'customer-gateway', id: customerGatewayId },
      prefixes: [HOME, block('fd00:5::/32')],
      hosts: [PLAYED, ip('fd00:5:7::7')],
      tap: 'tap7',
    };
  });

  const add = (wish = request) =>
    test.cloud.execute((tx) => {
      const site = addSite(tx, wish);
      test.lab.taps.open(site);
    });
  const tap = () => taps.open.get('tap7')!;
  const addressOf = async () => {
    const { PrivateIpAddress } = await lookAtInstance(test.ec2(), instance);
    return PrivateIpAddress!;
  };
  const ping = (destination: string) => {
    let result: PingResult | undefined;
    tap().host.ping(
      { destination: ip(destination), identifier: 1, sequence: 1, size: 9 },
      (one) => {
        result = one;
      },
    );
    tap().settle();
    return result;
  };
  const echoed = (destination: string) => {
    const parts: string[] = [];
    tap().host.connect(
      { destination: ip(destination), port: 80 },
      {
        onEstablished: (connection) => connection.send(Buffer.from('hello')),
        onData: (data) => parts.push(Buffer.from(data).toString()),
      },
    );
    tap().settle();
    return parts.join('');
  };

  it('has its host reach an instance, and be answered', async () => {
    await add();
    const to = await addressOf();
    expect(ping(to)).toMatchObject({ kind: 'reply', from: ip(to) });
    expect(echoed(to)).toBe('hello');
  });

  it('has its host reach those that openvpc plays at the site', async () => {
    await add();
    expect(ping('192.168.77.7')).toMatchObject({ kind: 'reply' });
    expect(echoed('192.168.77.7')).toBe('hello');
    expect(ping('fd00:5:7::7')).toMatchObject({ kind: 'reply' });
  });

  it('answers for no address that lies behind the tap, or that is asked for by its owner', async () => {
    await add();
    expect(ping('192.168.1.99')).toBeUndefined();
    expect(tap().received).toBe(0);
  });

  it('is reached where the site announces everything: longer routes lead elsewhere', async () => {
    await add({ ...request, prefixes: [block('0.0.0.0/0')], hosts: [PLAYED] });
    expect(ping(await addressOf())).toMatchObject({ kind: 'reply' });
    expect(ping('192.168.77.7')).toMatchObject({ kind: 'reply' });
    const { received } = tap();
    expect(ping('192.168.1.99')).toBeUndefined();
    expect(tap().received).toBe(received);
  });

  it('a trace ends at it, and a probe does not wait for Linux', async () => {
    await add();
    for (const answer of [
      test.lab.trace({ from: instance, to: '192.168.1.1' }),
      test.lab.probe({ from: instance, to: '192.168.1.1' }),
    ]) {
      expect(answer.forward).toMatchObject({ disposition: 'delivered' });
    }
    expect(tap().received).toBe(0);
    expect(test.lab.probe({ from: instance, to: '192.168.77.7' }).reachable).toBe(true);
  });

  it('without a tap nobody is there but the hosts', async () => {
    const { tap: _, ...without } = request;
    await test.cloud.execute((tx) => addSite(tx, without));
    expect(test.lab.trace({ from: instance, to: '192.168.1.1' }).forward).toMatchObject({
      disposition: 'dropped',
      reason: 'NO_POSSIBLE_DESTINATION',
    });
  });

  it('two echo services with a forged sender between them come to an end', async () => {
    await add();
    const to = await addressOf();
    const { forwarded } = test.lab.fabric.counters;
    const ends = { source: '192.168.77.7', destination: to, from: LINUX_MAC };
    tap().send(udpFrame({ ...ends, sourcePort: 7, port: 7 }, Buffer.from('x')));
    tap().settle();
    const carried = test.lab.fabric.counters.forwarded - forwarded;
    expect(carried).toBeGreaterThan(100);
    expect(carried).toBeLessThan(5000);
  });

  it('is refused as a whole where the tap is, and says why', async () => {
    taps.refusal = 'a tap needs koffi';
    const before = test.cloud.snapshot();
    await expectError(add(), 'TapUnavailable', /site 'dc' cannot be opened: a tap needs koffi/);
    expect(test.cloud.snapshot()).toEqual(before);
    expect(taps.open.size).toBe(0);
  });

  it('is refused where another site has the tap', async () => {
    await add();
    const other = await makeCustomerGateway(test.ec2(), '203.0.113.9');
    const second = { ...request, name: 'dc2', uplink: { ...request.uplink, id: other } };
    await expectError(add(second), 'SiteTapInUse', /'tap7' is that of the site 'dc'/);
    expect(taps.open.size).toBe(1);
  });

  it('ends with the site, with everything, and with the server', async () => {
    const ends = [
      () => test.cloud.execute((tx) => removeSite(tx, 'dc')),
      () => test.cloud.execute((tx) => resetState(tx)),
    ];
    await add();
    for (const end of ends) {
      await end();
      await test.lab.taps.closed();
      expect(taps.open.size).toBe(0);
      if (end === ends[0]) await add();
    }
    expect(warnings).toEqual([]);
  });

  it('is opened again from a state, or the state holds without it', async () => {
    const putBack = () => test.cloud.execute((tx) => addSite(tx, request));
    await add();
    await test.cloud.execute((tx) => removeSite(tx, 'dc'));
    // Its name is free only a moment later.
    await putBack();
    await test.lab.taps.closed();
    expect([...taps.open.keys()]).toEqual(['tap7']);
    await test.cloud.execute((tx) => removeSite(tx, 'dc'));
    await test.lab.taps.closed();
    taps.refusal = 'a tap needs Linux';
    await putBack();
    expect(warnings).toEqual(["The tap of the site 'dc' cannot be opened: a tap needs Linux."]);
    expect(test.lab.probe({ from: instance, to: '192.168.77.7' }).reachable).toBe(true);
    await test.lab.close();
  });
});
