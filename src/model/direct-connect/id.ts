/** Ids of Direct Connect: a prefix and eight characters, or a UUID (H-077). */
import type { Random } from '../../net/random.ts';

export type DirectConnectPrefix = 'dxcon' | 'dxlag' | 'dxvif' | 'dxpeer';

export function directConnectId(prefix: DirectConnectPrefix, random: Random): string {
  return `${prefix}-${random.hex(8)}`;
}
