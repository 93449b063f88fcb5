import { describe, expect, it } from 'vitest';
import { icmpv6Frame, ROUTER, SENDER_MAC, udpFrame } from '../../fabric/test-frames.ts';
import { block, ip } from '../../fabric/test-values.ts';
import { containsIp } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { BROADCAST_MAC, type Mac, mac } from '../../net/mac.ts';
import { ETHERTYPE } from '../../net/protocol.ts';
import { ARP_LENGTH, type Arp, emitArp } from '../../wire/arp.ts';
import { readMac } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../../wire/ethernet.ts';
import type { Icmpv6 } from '../../wire/icmpv6.ts';
import { TapLink } from './tap-link.ts';

const INTERFACE = mac(0x02_00_00_00_99_00);
const ALL_NODES = mac(0x33_33_00_00_00_01);
const HOME = [block('192.168.0.0/16'), block('fd00:5::/32')];
const behind = (address: Ip) => HOME.some((one) => containsIp(one, address));

function newLink() {
  const sent: Uint8Array[] = [];
  const tap = {
    hardwareAddress: INTERFACE,
    transmit: (frame: Uint8Array) => void sent.push(frame),
    close: async () => {},
  };
  const link = new TapLink(tap);
  /** Whom a packet to an address is sent to. */
  const receiver = (destination: string): Mac => {
    const source = destination.includes(':') ? '2001:db8::1' : '10.0.0.5';
    link.forward(udpFrame({ source, destination }));
    return readMac(sent.at(-1)!, 0);
  };
  return { link, sent, receiver };
}

function arp(sender: string, target: string, operation: Arp['operation'] = 'request'): Uint8Array {
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + ARP_LENGTH);
  const [source, etherType] = [SENDER_MAC, ETHERTYPE.arp];
  emitEthernet({ destination: BROADCAST_MAC, source, etherType }, bytes);
  const message: Arp = {
    operation,
    senderHardwareAddress: SENDER_MAC,
    senderProtocolAddress: ip(sender) as Ipv4,
    targetHardwareAddress: mac(0),
    targetProtocolAddress: ip(target) as Ipv4,
  };
  emitArp(message, bytes, ETHERNET_HEADER_LENGTH);
  return bytes;
}

function solicit(source: string, target: string): Uint8Array {
  const message: Icmpv6 = { kind: 'neighborSolicitation', target: ip(target) as Ipv6 };
  const to = mac(0x33_33_ff_00_00_01);
  return icmpv6Frame({ source, destination: 'ff02::1:ff00:1', to, ttl: 255 }, message);
}

describe('the link behind a tap', () => {
  const HEARD: [string, boolean, Uint8Array][] = [
    ['a packet to the router', true, udpFrame({ source: '192.168.1.1', destination: '10.0.0.5' })],
    ['an IPv6 packet', true, udpFrame({ source: 'fd00:5::1', destination: '2001:db8::1' })],
    ['a question for an address elsewhere', true, arp('192.168.1.1', '169.254.20.5')],
    ['a question for one behind the tap', false, arp('192.168.1.1', '192.168.1.2')],
    ['an announcement', false, arp('10.9.9.9', '10.9.9.9')],
    ['a probe for a double', false, arp('0.0.0.0', '10.9.9.9')],
    ['an answer', false, arp('192.168.1.1', '10.0.0.5', 'reply')],
    ['a solicitation for an address elsewhere', true, solicit('fd00:5::1', '2001:db8::1')],
    ['one for the router itself', true, solicit('fe80::7', 'fe80:ec2::1')],
    ['one for a neighbor', false, solicit('fd00:5::1', 'fd00:5::2')],
    ['one for a neighbor on the link alone', false, solicit('fe80::7', 'fe80::8')],
    [
      'a solicitation of routers',
      false,
      icmpv6Frame(
        { source: 'fe80::7', destination: 'ff02::2', to: ALL_NODES, ttl: 255 },
        { kind: 'routerSolicitation' },
      ),
    ],
    [
      'what is for everybody on the link',
      false,
      udpFrame({ source: '192.168.1.1', destination: '224.0.0.251', to: mac(0x01_00_5e_00_00_fb) }),
    ],
    [
      'what comes from a group',
      false,
      udpFrame({ source: '192.168.1.1', destination: '10.0.0.5', from: BROADCAST_MAC }),
    ],
    ['no frame at all', false, new Uint8Array(5)],
    [
      'half a packet',
      false,
      udpFrame({ source: '192.168.1.1', destination: '10.0.0.5' }).slice(0, 20),
    ],
  ];
  it.each(HEARD)('%s reaches the router: %s', (_, expected, frame) => {
    expect(newLink().link.hear(frame, behind)).toBe(expected);
  });

  it('a packet goes to who has its destination, and to the interface if nobody is known to', () => {
    const { link, receiver } = newLink();
    expect([receiver('192.168.1.1'), receiver('fd00:5::1')]).toEqual([INTERFACE, INTERFACE]);
    link.hear(udpFrame({ source: '192.168.1.1', destination: '10.0.0.5', to: ROUTER }), behind);
    link.hear(arp('192.168.1.2', '192.168.1.3'), behind);
    link.hear(solicit('fd00:5::1', 'fd00:5::2'), behind);
    expect(['192.168.1.1', '192.168.1.2', 'fd00:5::1'].map(receiver)).toEqual(
      Array.from({ length: 3 }, () => SENDER_MAC),
    );
    expect(receiver('192.168.1.3')).toBe(INTERFACE);
  });

  it('an address that moves is found at its new place', () => {
    const { link, receiver } = newLink();
    const from = mac(0x02_00_00_00_0a_02);
    link.hear(arp('192.168.1.1', '192.168.1.1'), behind);
    link.hear(udpFrame({ source: '192.168.1.1', destination: '10.0.0.5', from }), behind);
    expect(receiver('192.168.1.1')).toBe(from);
  });

  it('remembers 4,096 addresses, and forgets the oldest first', () => {
    const { link, receiver } = newLink();
    const at = (index: number) => `192.168.${index >> 8}.${index & 0xff}`;
    for (let index = 0; index <= 4096; index++) link.hear(arp(at(index), at(index)), behind);
    expect([receiver(at(0)), receiver(at(1)), receiver(at(4096))]).toEqual([
      INTERFACE,
      SENDER_MAC,
      SENDER_MAC,
    ]);
  });

  it('what is no packet is not sent on', () => {
    const { link, sent } = newLink();
    link.forward(arp('10.0.0.5', '192.168.1.1'));
    link.forward(new Uint8Array(3));
    expect(sent).toEqual([]);
  });
});
