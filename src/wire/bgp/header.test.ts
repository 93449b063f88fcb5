import { describe, expect, it } from 'vitest';
import { fromHex, toHex, write16 } from '../bytes.ts';
import { expectNeverThrows, expectViewStaysInside } from '../test-support.ts';
import { Fault } from './fault.ts';
import { BGP_TYPE, BgpView, beginMessage, headerFault } from './header.ts';
import { parseMessage } from './message.ts';
import { EXTERNAL, message } from './test-bgp.ts';

/** A header that tells this length and type, and as many bytes as the message has really. */
function told(length: number, type: number, really = length): Uint8Array {
  const bytes = new Uint8Array(really).fill(0xff, 0, 16);
  write16(bytes, 16, length);
  bytes[18] = type;
  return bytes;
}

function faultOf(bytes: Uint8Array): string | undefined {
  const fault = headerFault(bytes, 0);
  return fault && `${fault.code}/${fault.subcode} ${toHex(fault.data)}`.trim();
}

describe('the header', () => {
  it('is written and read', () => {
    const bytes = beginMessage(BGP_TYPE.keepalive, 19);
    expect(bytes).toEqual(fromHex(`${'ff'.repeat(16)} 0013 04`));
    const view = new BgpView();
    expect(view.wrap(new Uint8Array([0, ...bytes, 0]), 1)).toBe(true);
    expect([view.type, view.length, view.bodyOffset, view.end]).toEqual([4, 19, 20, 20]);
  });

  it('H-090 refuses a marker that is not all ones', () => {
    for (let at = 0; at < 16; at++) {
      const bytes = message(4, '');
      bytes[at] = 0xfe;
      expect(faultOf(bytes), `byte ${at}`).toBe('1/1');
    }
  });

  it.each([
    ['any', 9, 18, '1/2 0012'],
    ['any', 9, 4097, '1/2 1001'],
    ['OPEN', 1, 28, '1/2 001c'],
    ['OPEN', 1, 4097, '1/2 1001'],
    ['UPDATE', 2, 22, '1/2 0016'],
    ['NOTIFICATION', 3, 20, '1/2 0014'],
    ['KEEPALIVE', 4, 18, '1/2 0012'],
    ['KEEPALIVE', 4, 20, '1/2 0014'],
    ['ROUTE-REFRESH', 5, 22, '1/2 0016'],
    ['ROUTE-REFRESH', 5, 24, '1/2 0018'],
    ['any', 2, 0, '1/2 0000'],
    ['any', 2, 0xffff, '1/2 ffff'],
  ])('H-090 refuses a length of %s (%i) that is %i', (_name, type, length, fault) => {
    expect(faultOf(told(length, type, 5000))).toBe(fault);
  });

  it.each([0, 6, 7, 128, 255])('H-090 refuses the unknown type %i', (type) => {
    const name = `1/3 ${type.toString(16).padStart(2, '0')}`;
    expect(faultOf(told(19, type))).toBe(name);
    expect(parseMessage(told(19, type), 0, 19, EXTERNAL)).toBeInstanceOf(Fault);
  });

  it.each([
    ['OPEN', 1, 29],
    ['UPDATE', 2, 23],
    ['UPDATE', 2, 4096],
    ['NOTIFICATION', 3, 21],
    ['KEEPALIVE', 4, 19],
    ['ROUTE-REFRESH', 5, 23],
  ])('takes %s (%i) of %i bytes', (_name, type, length) => {
    expect(faultOf(told(length, type))).toBeUndefined();
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows((bytes, offset, end) => new BgpView().wrap(bytes, offset, end));
    expectViewStaysInside(() => new BgpView(), message(4, ''));
  });
});
