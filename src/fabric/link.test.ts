import { describe, expect, it } from 'vitest';
import { type Ip, ipEquals } from '../net/ip.ts';
import { type Mac, mac } from '../net/mac.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH } from '../wire/ethernet.ts';
import { parseIcmpv6 } from '../wire/icmpv6.ts';
import { parseIpv6Header } from '../wire/ipv6.ts';
import { Frame } from './frame.ts';
import { answerArp, answerNdp, isLinkLocalControl, ROUTER_MAC } from './link.ts';
import { Packet } from './packet.ts';
import { checksumsValid, icmpv6Frame } from './test-frames.ts';
import { ip } from './test-values.ts';

const NEIGHBOR = mac(0x02_00_00_00_0b_02);
const ASKER = ip('10.0.0.9');

/** A neighbour at .2, the asker's own address, and the router for everything else. */
function neighbors(address: Ip): Mac | undefined {
  if (ipEquals(address, ip('10.0.0.2')) || ipEquals(address, ip('2001:db8::2'))) return NEIGHBOR;
  return ipEquals(address, ASKER) || ipEquals(address, ip('2001:db8::9')) ? undefined : ROUTER_MAC;
}

describe('ARP', () => {
  const request = (target: string, operation = '0001') =>
    fromHex(
      'ffffffffffff 020000000a01 0806' +
        `0001 0800 06 04 ${operation} 020000000a01 0a000009 000000000000 ${target}`,
    );

  it('RFC 826: a neighbour answers with its own MAC; byte by byte', () => {
    expect(toHex(answerArp(request('0a000002'), neighbors)!)).toBe(
      toHex(
        fromHex(
          '020000000a01 020000000b02 0806' +
            '0001 0800 06 04 0002 020000000b02 0a000002 020000000a01 0a000009',
        ),
      ),
    );
  });

  it('the router answers for every other address', () => {
    for (const target of ['0a000001', '0a0000f0', '08080808']) {
      const reply = answerArp(request(target), neighbors)!;
      expect(toHex(reply.subarray(6, 12))).toBe('020000000001');
      expect(toHex(reply.subarray(28, 32))).toBe(target);
    }
  });

  it('nobody answers for an address of the asker, so that its probe finds it free', () => {
    expect(answerArp(request('0a000009'), neighbors)).toBeUndefined();
  });

  it('nobody answers a reply, or what is cut short', () => {
    expect(answerArp(request('0a000002', '0002'), neighbors)).toBeUndefined();
    const whole = request('0a000002');
    for (let length = 0; length < whole.length; length++) {
      expect(answerArp(whole.slice(0, length), neighbors)).toBeUndefined();
    }
  });
});

function ask(bytes: Uint8Array): Uint8Array | undefined {
  const packet = new Packet();
  expect(new Frame().read(bytes, packet)).toBe('ip');
  expect(isLinkLocalControl(packet)).toBe(true);
  return answerNdp(bytes, packet, neighbors, 9001);
}

const FROM = { source: '2001:db8::9', destination: 'ff02::1:ff00:2', ttl: 255 };
const solicit = (target: string, from: Partial<typeof FROM> = {}) =>
  icmpv6Frame({ ...FROM, ...from }, { kind: 'neighborSolicitation', target: ip(target) as never });

function answer(frame: Uint8Array) {
  expect(checksumsValid(frame)).toBe(true);
  const header = parseIpv6Header(frame, ETHERNET_HEADER_LENGTH)!;
  return { header, message: parseIcmpv6(frame, ETHERNET_HEADER_LENGTH + 40, frame.length, header) };
}

describe('neighbour discovery', () => {
  it('RFC 4861: a neighbour advertises itself; byte by byte', () => {
    const frame = ask(solicit('2001:db8::2'))!;
    const message = frame.slice(ETHERNET_HEADER_LENGTH + 40);
    message.fill(0, 2, 4); // the checksum is verified below
    expect(toHex(message)).toBe(
      toHex(fromHex('88000000 60000000 20010db8000000000000000000000002' + '0201 020000000b02')),
    );
    const { header } = answer(frame);
    expect(header).toMatchObject({
      source: ip('2001:db8::2'),
      destination: ip('2001:db8::9'),
      hopLimit: 255,
    });
    expect(toHex(frame.subarray(0, 12))).toBe('020000000a01020000000b02');
  });

  it('A-014 the router answers for fe80:ec2::1 and every other address, as a router', () => {
    for (const target of ['fe80:ec2::1', '2001:db8::f0']) {
      const { message } = answer(ask(solicit(target))!);
      expect(message).toMatchObject({
        kind: 'neighborAdvertisement',
        target: ip(target),
        router: true,
        targetLinkLayerAddress: ROUTER_MAC,
      });
    }
  });

  it('nobody answers for an address of the asker, nor one that has no address yet', () => {
    expect(ask(solicit('2001:db8::9'))).toBeUndefined();
    expect(ask(solicit('2001:db8::2', { source: '::' }))).toBeUndefined();
  });

  it('RFC 4861 section 7.1.1: void with a hop limit below 255, or a wrong checksum', () => {
    expect(ask(solicit('2001:db8::2', { ttl: 254 }))).toBeUndefined();
    const spoiled = solicit('2001:db8::2');
    spoiled[spoiled.length - 1]! ^= 1;
    expect(ask(spoiled)).toBeUndefined();
  });

  it('A-014 a router advertisement from fe80:ec2::1: addresses by DHCPv6, the MTU of the link', () => {
    const ends = { source: 'fe80::9', destination: 'ff02::2', ttl: 255 };
    const { header, message } = answer(ask(icmpv6Frame(ends, { kind: 'routerSolicitation' }))!);
    expect(header).toMatchObject({ source: ip('fe80:ec2::1'), destination: ip('fe80::9') });
    expect(message).toMatchObject({
      kind: 'routerAdvertisement',
      managed: true,
      mtu: 9001,
      sourceLinkLayerAddress: ROUTER_MAC,
      prefixes: [],
    });
  });

  it('takes listener reports and advertisements, and leaves echoes and errors to the tables', () => {
    const control = (icmpType: number) =>
      isLinkLocalControl(Object.assign(new Packet(), { family: 6, protocol: 58, icmpType }));
    expect([130, 131, 132, 133, 134, 135, 136, 143].every(control)).toBe(true);
    expect([1, 2, 3, 4, 128, 129].some(control)).toBe(false);
    const four = Object.assign(new Packet(), { protocol: 1, icmpType: 135 });
    expect(isLinkLocalControl(four)).toBe(false);
  });

  it('answers no report', () => {
    const report = { kind: 'other', type: 143, code: 0, rest: 0, payload: new Uint8Array(4) };
    expect(ask(icmpv6Frame(FROM, report as never))).toBeUndefined();
  });
});
