/** Elastic addresses, and their transfers between accounts. */
import type { Ipv4 } from '../../net/ipv4.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { NetworkInterface, PrivateAddress } from './network-interface.ts';

/** `eipalloc-…`. What it is associated with stands at the interface: one truth. */
export interface ElasticAddress extends Owned {
  readonly publicIp: Ipv4;
  /** What a reverse look-up answers in place of Amazon's name. */
  readonly ptrRecord?: string;
}

/** Owned by the account that gives the address away. */
export interface AddressTransfer extends Owned {
  /** `ACCOUNT|ALLOCATION`: an address may be passed on. */
  readonly id: string;
  readonly allocationId: string;
  readonly publicIp: Ipv4;
  readonly transferAccount: string;
  /** Milliseconds since the epoch, both. */
  readonly expiresAt: number;
  readonly acceptedAt?: number;
}

export function addressTransferId(account: string, allocationId: string): string {
  return `${account}|${allocationId}`;
}

export interface AddressMapping {
  readonly eni: NetworkInterface;
  readonly own: PrivateAddress & Required<Pick<PrivateAddress, 'elastic'>>;
}

/** The interface, and the private address there, that an elastic address is mapped to. */
export function mappingOf(
  reader: ModelReader,
  { publicIp }: Pick<ElasticAddress, 'publicIp'>,
): AddressMapping | undefined {
  const eni = reader.first('network-interface', 'publicAddress', String(publicIp));
  const own = eni?.addresses.find(({ publicAddress }) => publicAddress === publicIp);
  if (eni === undefined || own?.elastic === undefined) return undefined;
  return { eni, own: { ...own, elastic: own.elastic } };
}
