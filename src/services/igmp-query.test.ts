import { expect, it } from 'vitest';
import { mac } from '../net/mac.ts';
import { toHex } from '../wire/bytes.ts';
import { formatFrame } from '../wire/format.ts';
import { igmpQueryFrame } from './igmp-query.ts';

it('C-120 asks everybody from 0.0.0.0', () => {
  const frame = igmpQueryFrame(mac(0x02_00_00_00_00_01));
  expect(formatFrame(frame)).toBe('IP 0.0.0.0 > 224.0.0.1: igmp query v2');
  expect(toHex(frame)).toBe(
    [
      '01005e000001 020000000001 0800',
      '4600 0020 0000 4000 01 02 04d7 00000000 e0000001 94040000',
      '11 64 ee9b 00000000',
    ]
      .join('')
      .replaceAll(' ', ''),
  );
});
