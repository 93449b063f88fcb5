/** DHCP options, of which every account has AWS's default set. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import type { ModelReader } from '../../model/model.ts';
import type { DhcpOptions } from '../../model/vpc/dhcp-options.ts';
import type { FiltersOf } from './describe.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { tagList } from './render.ts';

export const dhcpOptionsHandlers = {
  DescribeDhcpOptions({ input, caller, cloud }) {
    const page = describeOwned(input, cloud.model, caller, {
      kind: 'dhcp-options',
      ids: input.DhcpOptionsIds,
      filters: FILTERS,
    });
    const views = page.records.map((options) => optionsView(cloud.model, caller, options));
    return { DhcpOptions: views, NextToken: page.nextToken };
  },
} satisfies Ec2HandlersOf<'DescribeDhcpOptions'>;

/** The filters of DescribeDhcpOptions, as its reference lists them. */
const FILTERS: FiltersOf<DhcpOptions> = {
  'dhcp-options-id': ({ id }) => id,
  key: ({ configurations }) => configurations.map(({ key }) => key),
  value: ({ configurations }) => configurations.flatMap(({ values }) => values),
  'owner-id': ({ account }) => account,
};

function optionsView(
  reader: ModelReader,
  scope: Scope,
  { id, account, configurations }: DhcpOptions,
): Sdk.DhcpOptions {
  return {
    DhcpOptionsId: id,
    OwnerId: account,
    DhcpConfigurations: configurations.map(({ key, values }) => ({
      Key: key,
      Values: values.map((value) => ({ Value: value })),
    })),
    Tags: tagList(tagsOf(reader, scope, id)),
  };
}
