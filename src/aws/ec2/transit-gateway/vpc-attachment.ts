/** VPCs attached to transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../../control/scope.ts';
import type { Transaction } from '../../../control/transaction.ts';
import {
  acceptVpcAttachment,
  deleteVpcAttachment,
  modifyVpcAttachment,
  rejectVpcAttachment,
} from '../../../control/transit-gateway/change-attachment.ts';
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
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';
import { able, flag, isEnabled } from './able.ts';

const TYPE = 'transit-gateway-attachment';

export const vpcAttachmentHandlers = {
  async CreateTransitGatewayVpcAttachment({ input, caller, cloud, dryRun }) {
    const request = {
      transitGatewayId: input.TransitGatewayId,
      vpcId: input.VpcId,
      subnetIds: input.SubnetIds,
      options: parseOptions(input.Options ?? {}),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const view = await cloud.execute(
      (tx) => vpcAttachmentView(viewIn(tx, caller), createVpcAttachment(tx, caller, request)),
      { dryRun },
    );
    return { TransitGatewayVpcAttachment: view };
  },

  async ModifyTransitGatewayVpcAttachment({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayAttachmentId;
    const request = {
      addSubnetIds: input.AddSubnetIds ?? [],
      removeSubnetIds: input.RemoveSubnetIds ?? [],
      options: {
        ...flag('dnsSupport', input.Options?.DnsSupport),
        ...flag('securityGroupReferencingSupport', input.Options?.SecurityGroupReferencingSupport),
        ...flag('ipv6Support', input.Options?.Ipv6Support),
        ...flag('applianceModeSupport', input.Options?.ApplianceModeSupport),
      },
    };
    const view = await cloud.execute(
      (tx) => vpcAttachmentView(viewIn(tx, caller), modifyVpcAttachment(tx, caller, id, request)),
      { dryRun },
    );
    return { TransitGatewayVpcAttachment: view };
  },

  AcceptTransitGatewayVpcAttachment: (call) => change(call, acceptVpcAttachment),
  RejectTransitGatewayVpcAttachment: (call) => change(call, rejectVpcAttachment),
  DeleteTransitGatewayVpcAttachment: (call) => change(call, deleteVpcAttachment),

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
  | `${'Create' | 'Modify' | Change}TransitGatewayVpcAttachment`
  | 'DescribeTransitGatewayVpcAttachments'
>;

type Change = 'Accept' | 'Reject' | 'Delete';

async function change(
  { input, caller, cloud, dryRun }: Ec2Call<`${Change}TransitGatewayVpcAttachment`>,
  command: (tx: Transaction, scope: Scope, id: string) => VpcAttachment,
) {
  const id = input.TransitGatewayAttachmentId;
  const view = await cloud.execute(
    (tx) => vpcAttachmentView(viewIn(tx, caller), command(tx, caller, id)),
    { dryRun },
  );
  return { TransitGatewayVpcAttachment: view };
}

type OptionsInput = NonNullable<Ec2Call<'CreateTransitGatewayVpcAttachment'>['input']['Options']>;

function parseOptions(input: OptionsInput): VpcAttachment['options'] {
  const otherwise = DEFAULT_VPC_ATTACHMENT_OPTIONS;
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
