import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { PortsView } from './ports.ts';
import { expectViewStaysInside } from './test-support.ts';

describe('a view of ports', () => {
  it('reads and sets the ports of a header that is cut short', () => {
    const bytes = fromHex('ff c000 01bb');
    const view = new PortsView();
    expect(view.wrap(bytes, 1)).toBe(true);
    expect([view.sourcePort, view.destinationPort]).toEqual([49152, 443]);
    view.sourcePort = 1;
    view.destinationPort = 0xffff;
    expect(bytes).toEqual(fromHex('ff 0001 ffff'));
  });

  it('refuses less than both ports and stays inside', () => {
    expect(new PortsView().wrap(fromHex('c000 01'))).toBe(false);
    expectViewStaysInside(() => new PortsView(), fromHex('c000 01bb'));
  });
});
