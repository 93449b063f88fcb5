/** Lists of block associations, as VPCs and subnets have them. */
import type { CidrAssociation, CidrAssociationState } from '../../model/vpc/vpc.ts';
import type { Cidr } from '../../net/cidr.ts';

/** How long AWS still lists a block that is disassociated. Observed, not documented. */
export const DISASSOCIATED_MILLIS = 3_600_000;

/** Whether the block is there, on its way in or on its way out. */
export function isPresent({ state }: CidrAssociation): boolean {
  return state === 'associating' || state === 'associated' || state === 'disassociating';
}

/** The associations with the state of one changed. */
export function withState<T extends Cidr>(
  associations: readonly CidrAssociation<T>[],
  id: string,
  state: CidrAssociationState,
): CidrAssociation<T>[] {
  return associations.map((one) => (one.associationId === id ? { ...one, state } : one));
}

/** The associations without one. */
export function without<T extends Cidr>(
  associations: readonly CidrAssociation<T>[],
  id: string,
): CidrAssociation<T>[] {
  return associations.filter(({ associationId }) => associationId !== id);
}
