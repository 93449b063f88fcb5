import { describe, expect, it } from 'vitest';
import { type CapturedFrame, Captures } from './capture.ts';

const FRAME = new Uint8Array([1, 2, 3]);

function listening(...ids: string[]) {
  const captures = new Captures();
  const heard: (CapturedFrame & { readonly at: string })[] = [];
  const stops = ids.map((id) => captures.listen(id, (frame) => heard.push({ at: id, ...frame })));
  return { captures, heard, stops };
}

describe('captures', () => {
  it('hear what their interface receives, and no other', () => {
    const { captures, heard } = listening('eni-1');
    captures.received('eni-1', FRAME);
    captures.received('eni-2', FRAME);
    expect(heard).toEqual([{ at: 'eni-1', bytes: FRAME, direction: 'inbound' }]);
  });

  it('hear what it sends once its fate is known, with why it was dropped', () => {
    const { captures, heard } = listening('eni-1');
    captures.sent('eni-1', FRAME);
    expect(heard).toEqual([]);
    captures.dropped('SUBNET_ACL_RESTRICTION: …');
    expect(heard).toEqual([
      { at: 'eni-1', bytes: FRAME, direction: 'outbound', comment: 'SUBNET_ACL_RESTRICTION: …' },
    ]);
    captures.dropped('of a frame that nobody captures');
    expect(heard).toHaveLength(1);
  });

  it('keep the order: what was sent stands before what it led to', () => {
    const { captures, heard } = listening('eni-1', 'eni-2');
    captures.sent('eni-1', FRAME);
    captures.received('eni-2', FRAME);
    captures.sent('eni-2', FRAME);
    captures.received('eni-1', FRAME);
    captures.sent('eni-3', FRAME);
    expect(heard.map(({ at, direction }) => `${at} ${direction}`)).toEqual([
      'eni-1 outbound',
      'eni-2 inbound',
      'eni-2 outbound',
      'eni-1 inbound',
    ]);
    captures.sent('eni-1', FRAME);
    captures.flush();
    captures.flush();
    expect(heard).toHaveLength(5);
  });

  it('a drop is not blamed on a frame of another interface', () => {
    const { captures, heard } = listening('eni-1');
    captures.sent('eni-1', FRAME);
    captures.sent('eni-2', FRAME);
    captures.dropped('because of eni-2');
    expect(heard).toEqual([{ at: 'eni-1', bytes: FRAME, direction: 'outbound' }]);
  });

  it('hold copies: the network rewrites a frame afterwards', () => {
    const { captures, heard } = listening('eni-1');
    const frame = FRAME.slice();
    captures.sent('eni-1', frame);
    frame.fill(9);
    captures.flush();
    captures.received('eni-1', frame);
    frame.fill(7);
    expect(heard.map(({ bytes }) => [...bytes])).toEqual([
      [1, 2, 3],
      [9, 9, 9],
    ]);
  });

  it('end alone: others of the same interface go on', () => {
    const { captures, heard, stops } = listening('eni-1', 'eni-1');
    stops[0]!();
    captures.received('eni-1', FRAME);
    expect(heard).toHaveLength(1);
    stops[1]!();
    stops[1]!();
    captures.received('eni-1', FRAME);
    captures.sent('eni-1', FRAME);
    captures.flush();
    expect(heard).toHaveLength(1);
  });
});
