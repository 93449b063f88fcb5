/** Subnets in multicast domains: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  acceptMulticastAssociations,
  associateMulticastDomain,
  disassociateMulticastDomain,
  type MulticastJoint,
  rejectMulticastAssociations,
} from '../../../control/transit-gateway/multicast-association.ts';
import { findUsableDomain } from '../../../control/transit-gateway/visible-multicast.ts';
import type { ModelReader } from '../../../model/model.ts';
import type { MulticastAssociation } from '../../../model/transit-gateway/multicast-domain.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { required } from '../parse.ts';

type Operation =
  | `${'Associate' | 'Disassociate'}TransitGatewayMulticastDomain`
  | `${'Accept' | 'Reject'}TransitGatewayMulticastDomainAssociations`
  | 'GetTransitGatewayMulticastDomainAssociations';

export const multicastAssociationHandlers = {
  async AssociateTransitGatewayMulticastDomain({ input, caller, cloud, dryRun }) {
    const joint = jointOf(input);
    return cloud.execute((tx) => answer(tx, joint, associateMulticastDomain(tx, caller, joint)), {
      dryRun,
    });
  },

  async DisassociateTransitGatewayMulticastDomain({ input, caller, cloud, dryRun }) {
    const joint = jointOf(input);
    return cloud.execute(
      (tx) => answer(tx, joint, disassociateMulticastDomain(tx, caller, joint)),
      { dryRun },
    );
  },

  async AcceptTransitGatewayMulticastDomainAssociations({ input, caller, cloud, dryRun }) {
    const joint = jointOf(input);
    return cloud.execute(
      (tx) => answer(tx, joint, acceptMulticastAssociations(tx, caller, joint)),
      { dryRun },
    );
  },

  async RejectTransitGatewayMulticastDomainAssociations({ input, caller, cloud, dryRun }) {
    const joint = jointOf(input);
    return cloud.execute(
      (tx) => answer(tx, joint, rejectMulticastAssociations(tx, caller, joint)),
      { dryRun },
    );
  },

  GetTransitGatewayMulticastDomainAssociations({ input, caller, cloud: { model } }) {
    const { id } = findUsableDomain(model, caller, input.TransitGatewayMulticastDomainId);
    const { records, nextToken } = describe(input, {
      records: model.by('transit-gateway-multicast-domain-association', 'domain', id),
      filters: FILTERS,
    });
    return {
      MulticastDomainAssociations: records.map((record) => ({
        ...placeView(model, record),
        Subnet: subnetView(record),
      })),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<Operation>;

interface JointInput {
  readonly TransitGatewayMulticastDomainId?: string;
  readonly TransitGatewayAttachmentId?: string;
  readonly SubnetIds?: readonly string[];
}

/** Accept and Reject call none of it required, and mean nothing without a domain. */
function jointOf(input: JointInput): MulticastJoint {
  const { TransitGatewayMulticastDomainId, TransitGatewayAttachmentId, SubnetIds } = input;
  return {
    domainId: required('TransitGatewayMulticastDomainId', TransitGatewayMulticastDomainId),
    attachmentId: required('TransitGatewayAttachmentId', TransitGatewayAttachmentId),
    subnetIds: SubnetIds ?? [],
  };
}

/** The filters of GetTransitGatewayMulticastDomainAssociations, as its reference lists them. */
const FILTERS: FiltersOf<MulticastAssociation> = {
  'resource-id': ({ vpcId }) => vpcId,
  'resource-type': () => 'vpc',
  state: ({ state }) => state,
  'subnet-id': ({ subnetId }) => subnetId,
  'transit-gateway-attachment-id': ({ attachmentId }) => attachmentId,
};

/** The attached VPC, as several answers name it. */
export function placeView(
  reader: ModelReader,
  { attachmentId, vpcId }: Pick<MulticastAssociation, 'attachmentId' | 'vpcId'>,
) {
  return {
    TransitGatewayAttachmentId: attachmentId,
    ResourceId: vpcId,
    ResourceType: 'vpc' as const,
    ResourceOwnerId: reader.get('transit-gateway-attachment', attachmentId)?.account,
  };
}

function subnetView({ subnetId, state }: MulticastAssociation): Sdk.SubnetAssociation {
  return { SubnetId: subnetId, State: state };
}

function answer(
  reader: ModelReader,
  { domainId, attachmentId }: MulticastJoint,
  associations: readonly MulticastAssociation[],
) {
  const attachment = reader.get('transit-gateway-attachment', attachmentId);
  const vpcId = attachment?.resourceType === 'vpc' ? attachment.vpcId : '';
  return {
    Associations: {
      TransitGatewayMulticastDomainId: domainId,
      ...placeView(reader, { attachmentId, vpcId }),
      Subnets: associations.map(subnetView),
    },
  };
}
