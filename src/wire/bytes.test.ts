import { describe, expect, it } from 'vitest';
import { ipv4 } from '../net/ipv4.ts';
import { ipv6 } from '../net/ipv6.ts';
import { mac } from '../net/mac.ts';
import {
  fits,
  formatPorts,
  fromHex,
  read16,
  read32,
  readIpv4,
  readIpv6,
  readMac,
  toHex,
  write16,
  write32,
  writeIpv6,
  writeMac,
} from './bytes.ts';

describe('big-endian fields', () => {
  const bytes = fromHex('ff fe fd fc fb fa 01 02 80 00 00 01 00 00 00 02 ff ff ff ff');

  it('reads unsigned numbers', () => {
    expect(read16(bytes, 0)).toBe(0xfffe);
    expect(read32(bytes, 0)).toBe(0xfffefdfc);
    expect(readIpv4(bytes, 8)).toBe(0x80000001);
    expect(readMac(bytes, 0)).toBe(0xfffefdfcfbfa);
    expect(readIpv6(bytes, 4)).toEqual([0xfbfa0102, 0x80000001, 2, 0xffffffff]);
  });

  it('writes what it reads, and nothing beside it', () => {
    const target = new Uint8Array(20);
    write16(target, 1, 0xfffe);
    write32(target, 3, 0xfdfcfbfa);
    expect(toHex(target.subarray(0, 8))).toBe('00fffefdfcfbfa00');
    writeMac(target, 1, mac(0x0a0b0c0d0e0f));
    expect(toHex(target.subarray(0, 8))).toBe('000a0b0c0d0e0f00');
    writeIpv6(target, 2, ipv6(0x20010db8, 0, 1, 0xffffffff));
    expect(toHex(target)).toBe(`000a20010db80000000000000001ffffffff0000`);
  });
});

describe('fits', () => {
  const bytes = new Uint8Array(10);
  it.each([
    [0, 10, 10, true],
    [0, 10, 11, false],
    [0, 11, 1, false],
    [-1, 5, 1, false],
    [5, 4, 0, false],
    [10, 10, 0, true],
    [Number.NaN, 10, 1, false],
  ])('[%d, %d) holds %d: %s', (offset, end, length, answer) => {
    expect(fits(bytes, offset, end, length)).toBe(answer);
  });
});

describe('formatPorts', () => {
  const ports = { sourcePort: 49152, destinationPort: 443 };
  it('writes ports, and addresses where they are known', () => {
    expect(formatPorts(ports)).toBe('49152 > 443');
    const pair = { source: ipv4(0x0a000005), destination: ipv4(0x0a000107) };
    expect(formatPorts(ports, pair)).toBe('10.0.0.5.49152 > 10.0.1.7.443');
  });
});
