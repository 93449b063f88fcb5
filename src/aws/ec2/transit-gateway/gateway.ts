/** Transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { findVisible, visible } from '../../../control/sharing/find-visible.ts';
import {
  createTransitGateway,
  deleteTransitGateway,
  type NewGatewayOptions,
} from '../../../control/transit-gateway/gateway.ts';
import {
  type ModifyTransitGateway,
  modifyTransitGateway,
} from '../../../control/transit-gateway/modify-gateway.ts';
import { DESCRIPTION_LENGTH } from '../../../model/limits.ts';
import {
  DEFAULT_TRANSIT_GATEWAY_OPTIONS,
  type TransitGateway,
} from '../../../model/transit-gateway/transit-gateway.ts';
import { formatCidr } from '../../../net/cidr.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { parseCidrParameter, parseTagSpecifications, parseText } from '../parse.ts';
import { ec2Arn, tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';
import { able, flag, isEnabled } from './able.ts';

const TYPE = 'transit-gateway';

export const transitGatewayHandlers = {
  async CreateTransitGateway({ input, caller, cloud, dryRun }) {
    const request = {
      description: parseText('description', input.Description, DESCRIPTION_LENGTH),
      options: parseOptions(input.Options ?? {}),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const view = await cloud.execute(
      (tx) => transitGatewayView(viewIn(tx, caller), createTransitGateway(tx, caller, request)),
      { dryRun },
    );
    return { TransitGateway: view };
  },

  async ModifyTransitGateway({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayId;
    const request = parseModify(input);
    const view = await cloud.execute(
      (tx) => transitGatewayView(viewIn(tx, caller), modifyTransitGateway(tx, caller, id, request)),
      { dryRun },
    );
    return { TransitGateway: view };
  },

  async DeleteTransitGateway({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayId;
    const view = await cloud.execute(
      (tx) => transitGatewayView(viewIn(tx, caller), deleteTransitGateway(tx, caller, id)),
      { dryRun },
    );
    return { TransitGateway: view };
  },

  DescribeTransitGateways({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const ids = [...new Set(input.TransitGatewayIds ?? [])];
    const { records, nextToken } = describe(input, {
      records:
        ids.length === 0
          ? visible(cloud.model, caller, 'transit-gateway')
          : ids.map((id) => findVisible(cloud.model, caller, 'transit-gateway', id)),
      filters: FILTERS,
      tags: ({ id }) => view.tags(id),
    });
    return {
      TransitGateways: records.map((record) => transitGatewayView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Modify' | 'Delete'}TransitGateway` | 'DescribeTransitGateways'
>;

type OptionsInput = NonNullable<Ec2Call<'CreateTransitGateway'>['input']['Options']>;

function parseOptions(input: OptionsInput): NewGatewayOptions {
  const otherwise = DEFAULT_TRANSIT_GATEWAY_OPTIONS;
  return {
    amazonSideAsn: input.AmazonSideAsn ?? otherwise.amazonSideAsn,
    cidrBlocks: parseBlocks(input.TransitGatewayCidrBlocks),
    autoAcceptSharedAttachments: isEnabled(
      input.AutoAcceptSharedAttachments,
      otherwise.autoAcceptSharedAttachments,
    ),
    defaultRouteTableAssociation: isEnabled(
      input.DefaultRouteTableAssociation,
      otherwise.defaultRouteTableAssociation,
    ),
    defaultRouteTablePropagation: isEnabled(
      input.DefaultRouteTablePropagation,
      otherwise.defaultRouteTablePropagation,
    ),
    vpnEcmpSupport: isEnabled(input.VpnEcmpSupport, otherwise.vpnEcmpSupport),
    dnsSupport: isEnabled(input.DnsSupport, otherwise.dnsSupport),
    securityGroupReferencingSupport: isEnabled(
      input.SecurityGroupReferencingSupport,
      otherwise.securityGroupReferencingSupport,
    ),
    multicastSupport: isEnabled(input.MulticastSupport, otherwise.multicastSupport),
  };
}

function parseModify(input: Ec2Call<'ModifyTransitGateway'>['input']): ModifyTransitGateway {
  const { Description, Options = {} } = input;
  const asn = Options.AmazonSideAsn;
  return {
    ...(Description !== undefined && {
      description: parseText('description', Description, DESCRIPTION_LENGTH),
    }),
    options: {
      ...(asn !== undefined && { amazonSideAsn: asn }),
      ...flag('autoAcceptSharedAttachments', Options.AutoAcceptSharedAttachments),
      ...flag('defaultRouteTableAssociation', Options.DefaultRouteTableAssociation),
      ...flag('defaultRouteTablePropagation', Options.DefaultRouteTablePropagation),
      ...flag('vpnEcmpSupport', Options.VpnEcmpSupport),
      ...flag('dnsSupport', Options.DnsSupport),
      ...flag('securityGroupReferencingSupport', Options.SecurityGroupReferencingSupport),
      ...flag('encryptionSupport', Options.EncryptionSupport),
      ...(Options.AssociationDefaultRouteTableId !== undefined && {
        associationDefaultRouteTableId: Options.AssociationDefaultRouteTableId,
      }),
      ...(Options.PropagationDefaultRouteTableId !== undefined && {
        propagationDefaultRouteTableId: Options.PropagationDefaultRouteTableId,
      }),
    },
    addBlocks: parseBlocks(Options.AddTransitGatewayCidrBlocks),
    removeBlocks: parseBlocks(Options.RemoveTransitGatewayCidrBlocks),
  };
}

function parseBlocks(texts: readonly string[] | undefined) {
  return (texts ?? []).map((text) => parseCidrParameter('transitGatewayCidrBlocks', text));
}

/** The filters of DescribeTransitGateways, as its reference lists them. */
const FILTERS: FiltersOf<TransitGateway> = {
  'options.amazon-side-asn': ({ options }) => options.amazonSideAsn,
  'options.association-default-route-table-id': ({ options }) =>
    options.associationDefaultRouteTableId,
  'options.auto-accept-shared-attachments': ({ options }) =>
    able(options.autoAcceptSharedAttachments),
  'options.default-route-table-association': ({ options }) =>
    able(options.defaultRouteTableAssociation),
  'options.default-route-table-propagation': ({ options }) =>
    able(options.defaultRouteTablePropagation),
  'options.dns-support': ({ options }) => able(options.dnsSupport),
  'options.propagation-default-route-table-id': ({ options }) =>
    options.propagationDefaultRouteTableId,
  'options.vpn-ecmp-support': ({ options }) => able(options.vpnEcmpSupport),
  'owner-id': ({ account }) => account,
  state: ({ state }) => state,
  'transit-gateway-id': ({ id }) => id,
};

export function transitGatewayView({ tags }: View, gateway: TransitGateway): Sdk.TransitGateway {
  const { id, account, state, description, creationTime, options } = gateway;
  return {
    TransitGatewayId: id,
    TransitGatewayArn: ec2Arn(gateway, TYPE),
    State: state,
    OwnerId: account,
    Description: description,
    CreationTime: new Date(creationTime),
    Options: optionsView(options),
    Tags: tagList(tags(id)),
  };
}

function optionsView(options: TransitGateway['options']): Sdk.TransitGatewayOptions {
  return {
    AmazonSideAsn: options.amazonSideAsn,
    ...(options.cidrBlocks.length > 0 && {
      TransitGatewayCidrBlocks: options.cidrBlocks.map(formatCidr),
    }),
    AutoAcceptSharedAttachments: able(options.autoAcceptSharedAttachments),
    DefaultRouteTableAssociation: able(options.defaultRouteTableAssociation),
    AssociationDefaultRouteTableId: options.associationDefaultRouteTableId,
    DefaultRouteTablePropagation: able(options.defaultRouteTablePropagation),
    PropagationDefaultRouteTableId: options.propagationDefaultRouteTableId,
    VpnEcmpSupport: able(options.vpnEcmpSupport),
    DnsSupport: able(options.dnsSupport),
    SecurityGroupReferencingSupport: able(options.securityGroupReferencingSupport),
    MulticastSupport: able(options.multicastSupport),
    EncryptionSupport: { EncryptionState: options.encryptionSupport ? 'enabled' : 'disabled' },
  };
}
