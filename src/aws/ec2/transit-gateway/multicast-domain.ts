/** Multicast domains of transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { findVisible, visible } from '../../../control/sharing/find-visible.ts';
import {
  createMulticastDomain,
  deleteMulticastDomain,
} from '../../../control/transit-gateway/multicast-domain.ts';
import {
  DEFAULT_MULTICAST_DOMAIN_OPTIONS,
  type MulticastDomain,
} from '../../../model/transit-gateway/multicast-domain.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { parseTagSpecifications } from '../parse.ts';
import { ec2Arn, tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';
import { able, isEnabled } from './able.ts';

const TYPE = 'transit-gateway-multicast-domain';

export const multicastDomainHandlers = {
  async CreateTransitGatewayMulticastDomain({ input, caller, cloud, dryRun }) {
    const request = {
      transitGatewayId: input.TransitGatewayId,
      options: parseOptions(input.Options ?? {}),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const view = await cloud.execute(
      (tx) => domainView(viewIn(tx, caller), createMulticastDomain(tx, caller, request)),
      { dryRun },
    );
    return { TransitGatewayMulticastDomain: view };
  },

  async DeleteTransitGatewayMulticastDomain({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayMulticastDomainId;
    const view = await cloud.execute(
      (tx) => domainView(viewIn(tx, caller), deleteMulticastDomain(tx, caller, id)),
      { dryRun },
    );
    return { TransitGatewayMulticastDomain: view };
  },

  DescribeTransitGatewayMulticastDomains({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const ids = [...new Set(input.TransitGatewayMulticastDomainIds ?? [])];
    const { records, nextToken } = describe(input, {
      records:
        ids.length === 0
          ? visible(cloud.model, caller, TYPE)
          : ids.map((id) => findVisible(cloud.model, caller, TYPE, id)),
      filters: FILTERS,
      tags: ({ id }) => view.tags(id),
    });
    return {
      TransitGatewayMulticastDomains: records.map((record) => domainView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete'}TransitGatewayMulticastDomain` | 'DescribeTransitGatewayMulticastDomains'
>;

type OptionsInput = NonNullable<Ec2Call<'CreateTransitGatewayMulticastDomain'>['input']['Options']>;

function parseOptions(input: OptionsInput): MulticastDomain['options'] {
  const otherwise = DEFAULT_MULTICAST_DOMAIN_OPTIONS;
  return {
    igmpv2Support: isEnabled(input.Igmpv2Support, otherwise.igmpv2Support),
    staticSourcesSupport: isEnabled(input.StaticSourcesSupport, otherwise.staticSourcesSupport),
    autoAcceptSharedAssociations: isEnabled(
      input.AutoAcceptSharedAssociations,
      otherwise.autoAcceptSharedAssociations,
    ),
  };
}

/** The filters of DescribeTransitGatewayMulticastDomains, as its reference lists them. */
const FILTERS: FiltersOf<MulticastDomain> = {
  state: ({ state }) => state,
  'transit-gateway-id': ({ transitGatewayId }) => transitGatewayId,
  'transit-gateway-multicast-domain-id': ({ id }) => id,
};

function domainView({ tags }: View, domain: MulticastDomain): Sdk.TransitGatewayMulticastDomain {
  const { id, options } = domain;
  return {
    TransitGatewayMulticastDomainId: id,
    TransitGatewayMulticastDomainArn: ec2Arn(domain, TYPE),
    TransitGatewayId: domain.transitGatewayId,
    OwnerId: domain.account,
    State: domain.state,
    CreationTime: new Date(domain.creationTime),
    Options: {
      Igmpv2Support: able(options.igmpv2Support),
      StaticSourcesSupport: able(options.staticSourcesSupport),
      AutoAcceptSharedAssociations: able(options.autoAcceptSharedAssociations),
    },
    Tags: tagList(tags(id)),
  };
}
