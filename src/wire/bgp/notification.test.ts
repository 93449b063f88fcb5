import { describe, expect, it } from 'vitest';
import { EMPTY, fromHex } from '../bytes.ts';
import { CEASE, errorName } from './fault.ts';
import { formatNotification, shutdownData, shutdownText } from './notification.ts';

const cease = (subcode: number, data: Uint8Array) => ({ code: 6, subcode, data });

describe('the text of a shutdown', () => {
  it.each(['Größere Wartung', 'a'.repeat(128), '日本'])('%s goes there and back', (text) => {
    const data = shutdownData(text);
    expect(shutdownText(cease(CEASE.administrativeShutdown, data))).toBe(text);
    expect(shutdownText(cease(CEASE.administrativeReset, data))).toBe(text);
  });

  it('is cut between characters to what everybody takes', () => {
    const data = shutdownData(`${'a'.repeat(127)}ü`);
    expect(data.length).toBe(1 + 127);
    expect(shutdownText(cease(2, data))).toBe('a'.repeat(127));
  });

  it('may be missing, or nonsense', () => {
    expect(shutdownData('')).toEqual(EMPTY);
    for (const data of ['', '00', '05 61', '02 c328']) {
      expect(shutdownText(cease(2, fromHex(data))), data).toBeUndefined();
    }
    expect(shutdownText(cease(CEASE.maximumPrefixes, fromHex('01 61')))).toBeUndefined();
    expect(shutdownText({ code: 4, subcode: 2, data: fromHex('01 61') })).toBeUndefined();
  });

  it('is shown in quotes', () => {
    expect(formatNotification(cease(2, shutdownData('bye\n')))).toBe(
      'BGP, NOTIFICATION, Cease/Administrative Shutdown (6/2), data "bye\\n"',
    );
  });
});

describe('the name of an error', () => {
  it.each([
    [1, 2, 'Message Header Error/Bad Message Length (1/2)'],
    [4, 0, 'Hold Timer Expired (4/0)'],
    [6, 77, 'Cease (6/77)'],
    [99, 1, 'Unknown Error (99/1)'],
  ])('%i/%i is %s', (code, subcode, name) => {
    expect(errorName(code, subcode)).toBe(name);
  });
});
