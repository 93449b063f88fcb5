import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import {
  emitTcpOptions,
  findMss,
  formatTcpOptions,
  parseTcpOptions,
  type TcpOptions,
  tcpOptionsLength,
} from './tcp-option.ts';
import { buffer, expectNeverThrows } from './test-support.ts';

const TIMESTAMPS = { value: 0x01020304, echoReply: 0xfffffffe };

const CASES: [string, string, TcpOptions][] = [
  ['none', '', {}],
  ['the MSS', '0204 05b4', { mss: 1460 }],
  ['the window scale', '01 03 03 07', { windowScale: 7 }],
  ['SACK permitted', '0402 0101', { sackPermitted: true }],
  ['timestamps', '0101 080a 01020304 fffffffe', { timestamps: TIMESTAMPS }],
  [
    'SACK permitted beside timestamps',
    '0402 080a 01020304 fffffffe',
    { sackPermitted: true, timestamps: TIMESTAMPS },
  ],
  [
    'all',
    '0204 05b4 0402 080a 01020304 fffffffe 01 03 03 0e',
    { mss: 1460, sackPermitted: true, timestamps: TIMESTAMPS, windowScale: 14 },
  ],
];

const parse = (hex: string) => parseTcpOptions(fromHex(hex), 0, fromHex(hex).length);

describe('TCP options', () => {
  it.each(CASES)('parses and emits the same bytes: %s', (_name, hex, options) => {
    expect(parse(hex)).toEqual(options);
    const bytes = buffer(tcpOptionsLength(options));
    emitTcpOptions(options, bytes, 0);
    expect(bytes).toEqual(fromHex(hex));
  });

  it('skips unknown options and stops at the end of the list', () => {
    expect(parse('fe04 1234 0204 05b4')).toEqual({ mss: 1460 });
    expect(parse('050a 00000001 00000002 0101')).toEqual({});
    expect(parse('0204 05b4 00 03 03 07')).toEqual({ mss: 1460 });
  });

  it.each([
    ['length zero', 'fe00 0000'],
    ['length one', 'fe01 0000'],
    ['a length beyond the list', 'fe05 0000'],
    ['no length', '0101 01fe'],
    ['an MSS of three bytes', '0203 05 00'],
    ['an MSS of five bytes', '0205 05b4 00 00'],
    ['a window scale of four bytes', '0304 0707'],
    ['timestamps cut short', '080a 0102'],
  ])('refuses %s', (_name, hex) => {
    expect(parse(hex)).toBeUndefined();
    expect(findMss(fromHex(hex), 0, fromHex(hex).length)).toBe(-1);
  });

  it('finds the MSS', () => {
    const find = (hex: string) => findMss(fromHex(hex), 0, fromHex(hex).length);
    expect(find('0204 05b4')).toBe(2);
    expect(find('01 fe03ff 0204 05b4')).toBe(6);
    expect(find('0101 0303 07')).toBe(-1);
    expect(find('00 0204 05b4')).toBe(-1);
  });

  it('refuses random bytes quietly', () => {
    expectNeverThrows(parseTcpOptions);
    expectNeverThrows(findMss);
  });

  it('formats a list', () => {
    const texts = CASES.map(([, , options]) => formatTcpOptions(options));
    expect(texts[0]).toBe('');
    expect(texts[6]).toBe('mss 1460,sackOK,TS val 16909060 ecr 4294967294,wscale 14');
  });
});
