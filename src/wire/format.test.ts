import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { formatFrame } from './format.ts';

const ETHERNET = '0e00 0000 0001 02ff ffff fffe';
const V4 = (rest: string) => `${ETHERNET} 0800 4500 ${rest}`;
const PAIR4 = '0a00 0005 0a00 0107';
const PAIR6 = '20010db8000000000000000000000005 20010db8000100000000000000000007';
const SYN = 'c000 01bb 12345678 00000000 5002 fd20 0000 0000';

const CASES: [string, string][] = [
  ['', '[|ether], length 0'],
  [
    `${ETHERNET} 88cc 00`,
    '02:ff:ff:ff:ff:fe > 0e:00:00:00:00:01, ethertype Unknown (0x88cc), length 15',
  ],
  [
    `${ETHERNET} 0806 0001 0800 0604 0001 02ff ffff fffe 0a00 0005 0000 0000 0000 0a00 0001`,
    'ARP, Request who-has 10.0.0.1 tell 10.0.0.5',
  ],
  [`${ETHERNET} 0806 0001`, '[|arp], length 16'],
  [
    V4(`0028 0000 4000 4006 0000 ${PAIR4} ${SYN}`),
    'IP 10.0.0.5.49152 > 10.0.1.7.443: Flags [S], seq 305419896, win 64800, length 0',
  ],
  [V4(`0018 0000 4000 4006 0000 ${PAIR4} c00001bb`), 'IP 10.0.0.5 > 10.0.1.7: [|tcp]'],
  [
    V4(`001d 0000 4000 4011 0000 ${PAIR4} d431 0035 0009 0000 61`),
    'IP 10.0.0.5.54321 > 10.0.1.7.53: UDP, length 1',
  ],
  [V4(`0018 0000 4000 4011 0000 ${PAIR4} d4310035`), 'IP 10.0.0.5 > 10.0.1.7: [|udp]'],
  [
    V4(`001c 0000 4000 4001 0000 ${PAIR4} 0800 0000 0001 0002`),
    'IP 10.0.0.5 > 10.0.1.7: ICMP echo request, id 1, seq 2, length 8',
  ],
  [V4(`0018 0000 4000 4001 0000 ${PAIR4} 08000000`), 'IP 10.0.0.5 > 10.0.1.7: [|icmp]'],
  [
    V4(`001c 0000 4000 0102 0000 ${PAIR4} 1600 08fa e000 0105`),
    'IP 10.0.0.5 > 10.0.1.7: igmp v2 report 224.0.1.5',
  ],
  [V4(`0018 0000 4000 0102 0000 ${PAIR4} 16000000`), 'IP 10.0.0.5 > 10.0.1.7: [|igmp]'],
  [V4(`0018 0000 4000 4032 0000 ${PAIR4} 00000000`), 'IP 10.0.0.5 > 10.0.1.7: proto 50, length 4'],
  [
    V4(
      `0038 0000 4000 402f 0000 ${PAIR4} 80000800 0bad0000
       4500 001c 0000 4000 4001 0000 c0a80001 c0a80102 0800 0000 0001 0002`,
    ),
    'IP 10.0.0.5 > 10.0.1.7: GREv0, proto IPv4, length 36: IP 192.168.0.1 > 192.168.1.2: ICMP echo request, id 1, seq 2, length 8',
  ],
  [
    V4(`001c 0000 4000 402f 0000 ${PAIR4} 000086dd 60000000`),
    'IP 10.0.0.5 > 10.0.1.7: GREv0, proto IPv6, length 8: IP6 [|ip6], length 4',
  ],
  [
    V4(`0018 0000 4000 402f 0000 ${PAIR4} 00006558`),
    'IP 10.0.0.5 > 10.0.1.7: GREv0, proto 0x6558, length 4',
  ],
  [V4(`0018 0000 4000 402f 0000 ${PAIR4} 80000800`), 'IP 10.0.0.5 > 10.0.1.7: [|gre]'],
  [
    V4(`0018 0007 20b9 4011 0000 ${PAIR4} 00000000`),
    'IP 10.0.0.5 > 10.0.1.7: frag 1480+ id 7, proto 17',
  ],
  [V4('0018'), 'IP [|ip], length 4'],
  [
    `${ETHERNET} 86dd 60000000 0014 06 40 ${PAIR6} ${SYN}`,
    'IP6 2001:db8::5.49152 > 2001:db8:1::7.443: Flags [S], seq 305419896, win 64800, length 0',
  ],
  [
    `${ETHERNET} 86dd 60000000 0008 3a 40 ${PAIR6} 8000 0000 0001 0002`,
    'IP6 2001:db8::5 > 2001:db8:1::7: ICMP6, echo request, id 1, seq 2, length 8',
  ],
  [
    `${ETHERNET} 86dd 60000000 0004 3a 40 ${PAIR6} 8000 0000`,
    'IP6 2001:db8::5 > 2001:db8:1::7: [|icmp6]',
  ],
  [
    `${ETHERNET} 86dd 60000000 0008 2c 40 ${PAIR6} 1100 05a8 00000007`,
    'IP6 2001:db8::5 > 2001:db8:1::7: frag (0x00000007:1448), next-header 17',
  ],
  [
    `${ETHERNET} 86dd 60000000 0004 3c 40 ${PAIR6} 1100 0000`,
    'IP6 2001:db8::5 > 2001:db8:1::7: [|ip6-ext]',
  ],
  [`${ETHERNET} 86dd 60000000`, 'IP6 [|ip6], length 4'],
];

describe('formatFrame', () => {
  it.each(CASES)('%s', (hex, line) => {
    expect(formatFrame(fromHex(hex))).toBe(line);
  });

  it('gives one line for any bytes', () => {
    const heads = CASES.map(([hex]) => fromHex(hex));
    fc.assert(
      fc.property(
        fc.constantFrom(...heads),
        fc.nat(80),
        fc.uint8Array({ maxLength: 60 }),
        (head, keep, tail) => {
          const line = formatFrame(new Uint8Array([...head.subarray(0, keep), ...tail]));
          expect(line).toMatch(/^[^\n]+$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
