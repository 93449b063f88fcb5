import { describe, expect, it } from 'vitest';
import { REASON_CODES, reasonRow, reasonSentence } from './reason.ts';

describe('reasons', () => {
  it.each(REASON_CODES)('%s says where, in one plain sentence', (code) => {
    const sentence = reasonSentence(code, 'rtb-1', 'tcp 10.0.0.1:1 > 10.0.0.2:2');
    expect(sentence).toContain('rtb-1');
    expect(sentence).toMatch(/^\S.*[^.]\.$/);
    expect(sentence).not.toContain('undefined');
  });

  it.each(REASON_CODES)('%s has a code in AWS’s style, a cause and a place', (code) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/);
    const row = reasonRow(code);
    expect(row.cause).toMatch(/^[A-Z].*\.$/);
    expect(row.at).not.toBe('');
    expect(row.authority ?? 'FC-01').toMatch(/^FC-[0-9]{2}$/);
  });

  it('names each row of Reachability Analyzer once', () => {
    const rows = REASON_CODES.flatMap((code) => {
      const { authority } = reasonRow(code);
      return authority === undefined ? [] : [authority];
    });
    expect(new Set(rows).size).toBe(rows.length);
  });
});
