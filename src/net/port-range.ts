/** An inclusive range of ports, 0..65535. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: PortRange = { from: 0, to: 65535 };

export function containsPort(range: PortRange, port: number): boolean {
  return range.from <= port && port <= range.to;
}
