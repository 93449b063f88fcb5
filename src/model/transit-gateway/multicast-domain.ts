/** Multicast domains of a transit gateway, and the subnets they reach (C-114 to C-117). */
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { carriesPackets, type VpcAttachment } from './attachment.ts';
import { incorrectState, invalidState } from './transit-gateway.ts';

/** C-114 */
export const multicastDomainMachine = lifecycleMachine(incorrectState);

/** C-115: of the first two, one at most. */
export interface MulticastDomainOptions {
  /** Interfaces join groups by IGMP version 2 (C-119). */
  readonly igmpv2Support: boolean;
  /** Only registered sources may send (C-118). */
  readonly staticSourcesSupport: boolean;
  /** Subnets of other accounts need no acceptance. */
  readonly autoAcceptSharedAssociations: boolean;
}

export const DEFAULT_MULTICAST_DOMAIN_OPTIONS: MulticastDomainOptions = {
  igmpv2Support: false,
  staticSourcesSupport: false,
  autoAcceptSharedAssociations: false,
};

/** The gateway's owner owns it. */
export interface MulticastDomain extends Owned {
  readonly transitGatewayId: string;
  readonly state: LifecycleState;
  /** Milliseconds since the epoch, both. */
  readonly creationTime: number;
  /** When its IGMP hosts were asked last, if there were any (C-120). */
  readonly queriedAt?: number;
  readonly options: MulticastDomainOptions;
}

export type MulticastAssociationState =
  | 'pendingAcceptance'
  | 'associating'
  | 'associated'
  | 'disassociating'
  | 'disassociated'
  | 'rejected'
  | 'failed';
export type MulticastAssociationEvent =
  | 'accept'
  | 'reject'
  | 'provision'
  | 'fail'
  | 'disassociate'
  | 'finish';

/** C-117 */
export const multicastAssociationMachine: StateMachine<
  MulticastAssociationState,
  MulticastAssociationEvent
> = {
  states: [
    'pendingAcceptance',
    'associating',
    'associated',
    'disassociating',
    'disassociated',
    'rejected',
    'failed',
  ],
  transitions: {
    pendingAcceptance: {
      accept: 'associating',
      reject: 'rejected',
      disassociate: 'disassociating',
    },
    associating: { provision: 'associated', fail: 'failed' },
    associated: { disassociate: 'disassociating' },
    disassociating: { finish: 'disassociated' },
    disassociated: {},
    rejected: {},
    failed: {},
  },
  illegal: invalidState,
};

/** One subnet of an attached VPC in a domain; a disassociated one is deleted. */
export interface MulticastAssociation {
  /** `DOMAIN|SUBNET` */
  readonly id: string;
  readonly domainId: string;
  readonly attachmentId: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly state: MulticastAssociationState;
}

export function multicastAssociationId(domainId: string, subnetId: string): string {
  return `${domainId}|${subnetId}`;
}

const ENDED: readonly MulticastAssociationState[] = ['disassociated', 'rejected', 'failed'];

/** Whether it is over, if still shown: it holds the subnet no longer (C-116). */
export function isEndedAssociation({ state }: Pick<MulticastAssociation, 'state'>): boolean {
  return ENDED.includes(state);
}

/** How a subnet takes part in a domain. */
export interface MulticastPlace {
  readonly domain: MulticastDomain;
  readonly association: MulticastAssociation;
  readonly attachment: VpcAttachment;
}

/** The domain that a subnet's multicast packets go to now; undefined: none carries them. */
export function multicastPlace(reader: ModelReader, subnetId: string): MulticastPlace | undefined {
  const association = reader.first(
    'transit-gateway-multicast-domain-association',
    'subnet',
    subnetId,
  );
  if (association?.state !== 'associated') return undefined;
  const domain = reader.get('transit-gateway-multicast-domain', association.domainId);
  const attachment = reader.get('transit-gateway-attachment', association.attachmentId);
  if (domain?.state !== 'available' || attachment?.resourceType !== 'vpc') return undefined;
  return carriesPackets(attachment) ? { domain, association, attachment } : undefined;
}
