/** Where the inside blocks of tunnels come from, GRE's as IPsec's (C-091, H-012, H-013). */
import { parseCidr4, parseCidr6 } from '../../net/cidr.ts';

export const INSIDE_SPACE = {
  4: parseCidr4('169.254.0.0/16')!,
  6: parseCidr6('fd00::/8')!,
} as const;
