import type { Owned } from '../resource.ts';

/** Attached to its VPC from its creation to its deletion. */
export interface EgressOnlyInternetGateway extends Owned {
  readonly vpcId: string;
}
