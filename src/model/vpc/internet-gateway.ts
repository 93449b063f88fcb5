import type { Owned } from '../resource.ts';

export interface InternetGateway extends Owned {
  /** `available` is AWS's word for an attached gateway. */
  readonly attachment?: {
    readonly vpcId: string;
    readonly state: 'attaching' | 'available' | 'detaching';
  };
}
