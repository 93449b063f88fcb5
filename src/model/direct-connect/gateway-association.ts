/** What a Direct Connect gateway is joined to, and the prefixes that it announces for it (H9). */
import type { Cidr } from '../../net/cidr.ts';
import type { Owned } from '../resource.ts';

export type DirectConnectGatewayAssociationState =
  | 'associating'
  | 'associated'
  | 'updating'
  | 'disassociating'
  | 'disassociated';

/** `account` is that of the Direct Connect gateway; `region` is the associated gateway's. */
export interface DirectConnectGatewayAssociation extends Owned {
  readonly state: DirectConnectGatewayAssociationState;
  readonly directConnectGatewayId: string;
  readonly gateway: {
    readonly kind: 'vpn-gateway' | 'transit-gateway';
    readonly id: string;
    readonly account: string;
  };
  readonly allowedPrefixes: readonly Cidr[];
  /** Of a transit gateway. */
  readonly attachmentId?: string;
}

/** H-071: traffic flows. */
export function carriesAssociation({
  state,
}: Pick<DirectConnectGatewayAssociation, 'state'>): boolean {
  return state === 'associated' || state === 'updating';
}
