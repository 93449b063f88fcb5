/** Every planted mistake; each kind of thing has a file of its own. */
import type { Defect } from './defect.ts';
import { egressOnlyDefects } from './egress-only.ts';
import { filterDefects } from './filter.ts';
import { hybridDefects } from './hybrid.ts';
import { interfaceDefects } from './interface.ts';
import { internetDefects } from './internet.ts';
import { nameDefects } from './name.ts';
import { natGatewayDefects } from './nat-gateway.ts';
import { peeringDefects } from './peering.ts';
import { routeDefects } from './route.ts';
import { transitGatewayDefects } from './transit-gateway.ts';

export const DEFECTS: readonly Defect[] = [
  ...filterDefects,
  ...routeDefects,
  ...interfaceDefects,
  ...peeringDefects,
  ...internetDefects,
  ...egressOnlyDefects,
  ...natGatewayDefects,
  ...nameDefects,
  ...transitGatewayDefects,
  ...hybridDefects,
];
