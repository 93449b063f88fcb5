/** DHCP option sets: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import {
  associateDhcpOptions,
  createDhcpOptions,
  deleteDhcpOptions,
} from '../../control/vpc/dhcp-options.ts';
import type { ModelReader } from '../../model/model.ts';
import type { DhcpConfiguration, DhcpOptions } from '../../model/vpc/dhcp-options.ts';
import type { FiltersOf } from './describe.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { parseTagSpecifications, required } from './parse.ts';
import { tagList } from './render.ts';

export const dhcpOptionsHandlers = {
  async CreateDhcpOptions({ input, caller, cloud, dryRun }) {
    const request = {
      configurations: input.DhcpConfigurations.map(parseConfiguration),
      tags: parseTagSpecifications(input.TagSpecifications, 'dhcp-options'),
    };
    const options = await cloud.execute(
      (tx) => optionsView(tx, caller, createDhcpOptions(tx, caller, request)),
      { dryRun },
    );
    return { DhcpOptions: options };
  },

  async DeleteDhcpOptions({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => deleteDhcpOptions(tx, caller, input.DhcpOptionsId), { dryRun });
    return {};
  },

  async AssociateDhcpOptions({ input, caller, cloud, dryRun }) {
    const request = { vpcId: input.VpcId, dhcpOptionsId: input.DhcpOptionsId };
    await cloud.execute((tx) => associateDhcpOptions(tx, caller, request), { dryRun });
    return {};
  },

  DescribeDhcpOptions({ input, caller, cloud }) {
    const page = describeOwned(input, cloud.model, caller, {
      kind: 'dhcp-options',
      ids: input.DhcpOptionsIds,
      filters: FILTERS,
    });
    const views = page.records.map((options) => optionsView(cloud.model, caller, options));
    return { DhcpOptions: views, NextToken: page.nextToken };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete' | 'Associate'}DhcpOptions` | 'DescribeDhcpOptions'
>;

/** One value may hold several, between commas. */
function parseConfiguration({ Key, Values }: Sdk.NewDhcpConfiguration): DhcpConfiguration {
  return {
    key: required('dhcpConfigurations.key', Key),
    values: (Values ?? [])
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== ''),
  };
}

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
