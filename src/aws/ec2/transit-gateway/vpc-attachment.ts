/** VPCs attached to transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  findVpcAttachment,
  visibleVpcAttachments,
} from '../../../control/transit-gateway/visible-attachment.ts';
import { createVpcAttachment } from '../../../control/transit-gateway/vpc-attachment.ts';
import {
  DEFAULT_VPC_ATTACHMENT_OPTIONS,
  type VpcAttachment,
} from '../../../model/transit-gateway/attachment.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';
import { able, isEnabled } from './able.ts';

const TYPE = 'transit-gateway-attachment';

export const vpcAttachmentHandlers = {
  async CreateTransitGatewayVpcAttachment({ input, caller, cloud, dryRun }) {
    const request = {
      transitGatewayId: input.TransitGatewayId,
      vpcId: input.VpcId,
      subnetIds: input.SubnetIds,
      options: parseOptions(input.Options ?? {}, DEFAULT_VPC_ATTACHMENT_OPTIONS),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const view = await cloud.execute(
      (tx) => vpcAttachmentView(viewIn(tx, caller), createVpcAttachment(tx, caller, request)),
      { dryRun },
    );
    return { TransitGatewayVpcAttachment: view };
  },

  DescribeTransitGatewayVpcAttachments({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const ids = [...new Set(input.TransitGatewayAttachmentIds ?? [])];
    const { records, nextToken } = describe(input, {
      records:
        ids.length === 0
          ? visibleVpcAttachments(cloud.model, caller)
          : ids.map((id) => findVpcAttachment(cloud.model, caller, id)),
      filters: FILTERS,
      tags: ({ id }) => view.tags(id),
    });
    return {
      TransitGatewayVpcAttachments: records.map((record) => vpcAttachmentView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  'CreateTransitGatewayVpcAttachment' | 'DescribeTransitGatewayVpcAttachments'
>;

type OptionsInput = {
  readonly [Name in keyof Sdk.CreateTransitGatewayVpcAttachmentRequestOptions]:
    | 'enable'
    | 'disable';
};

function parseOptions(
  input: OptionsInput,
  otherwise: VpcAttachment['options'],
): VpcAttachment['options'] {
  return {
    dnsSupport: isEnabled(input.DnsSupport, otherwise.dnsSupport),
    securityGroupReferencingSupport: isEnabled(
      input.SecurityGroupReferencingSupport,
      otherwise.securityGroupReferencingSupport,
    ),
    ipv6Support: isEnabled(input.Ipv6Support, otherwise.ipv6Support),
    applianceModeSupport: isEnabled(input.ApplianceModeSupport, otherwise.applianceModeSupport),
  };
}

/** The filters of DescribeTransitGatewayVpcAttachments, as its reference lists them. */
const FILTERS: FiltersOf<VpcAttachment> = {
  state: ({ state }) => state,
  'transit-gateway-attachment-id': ({ id }) => id,
  'transit-gateway-id': ({ transitGatewayId }) => transitGatewayId,
  'vpc-id': ({ vpcId }) => vpcId,
};

function vpcAttachmentView(
  { tags }: View,
  attachment: VpcAttachment,
): Sdk.TransitGatewayVpcAttachment {
  const { id, options } = attachment;
  return {
    TransitGatewayAttachmentId: id,
    TransitGatewayId: attachment.transitGatewayId,
    VpcId: attachment.vpcId,
    VpcOwnerId: attachment.account,
    State: attachment.state,
    SubnetIds: attachment.subnets.map(({ subnetId }) => subnetId),
    CreationTime: new Date(attachment.creationTime),
    Options: {
      DnsSupport: able(options.dnsSupport),
      SecurityGroupReferencingSupport: able(options.securityGroupReferencingSupport),
      Ipv6Support: able(options.ipv6Support),
      ApplianceModeSupport: able(options.applianceModeSupport),
    },
    Tags: tagList(tags(id)),
  };
}
