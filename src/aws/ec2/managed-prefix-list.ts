/** Managed prefix lists: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../control/scope.ts';
import { visible } from '../../control/sharing/find-visible.ts';
import { tagsOf } from '../../control/tags.ts';
import {
  createPrefixList,
  deletePrefixList,
  findOwnPrefixList,
  findPrefixList,
} from '../../control/vpc/prefix-list.ts';
import {
  modifyPrefixList,
  noVersion,
  restorePrefixList,
} from '../../control/vpc/prefix-list-change.ts';
import { prefixListReferences } from '../../control/vpc/prefix-list-reference.ts';
import type { ModelReader } from '../../model/model.ts';
import { type AwsPrefixList, awsPrefixLists } from '../../model/vpc/aws-prefix-list.ts';
import {
  type PrefixList,
  type PrefixListEntry,
  prefixListContent,
  prefixListVersionId,
} from '../../model/vpc/prefix-list.ts';
import { formatCidr } from '../../net/cidr.ts';
import { clientTokenOf } from './client-token.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  parseChoice,
  parseCidrParameter,
  parseTagSpecifications,
  refuseUnsupported,
  required,
} from './parse.ts';
import { ec2Arn, tagList } from './render.ts';
import { scopeOf } from './view.ts';

const TYPE = 'prefix-list';
/** The bounds that the reference of these calls gives. */
const PAGE = { min: 1, max: 100 };
const ENTRIES_PAGE = { min: 1, max: 100 };
const ASSOCIATIONS_PAGE = { min: 5, max: 255 };

type Operation =
  | `${'Create' | 'Modify' | 'Delete'}ManagedPrefixList`
  | 'RestoreManagedPrefixListVersion'
  | 'DescribeManagedPrefixLists'
  | `GetManagedPrefixList${'Entries' | 'Associations'}`
  | 'DescribePrefixLists';

export const managedPrefixListHandlers = {
  async CreateManagedPrefixList({ input, caller, cloud, dryRun }) {
    const request = {
      name: input.PrefixListName,
      family:
        parseChoice('addressFamily', input.AddressFamily, ['IPv4', 'IPv6']) === 'IPv4' ? 4 : 6,
      maxEntries: input.MaxEntries,
      entries: parseEntries(input.Entries),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
      clientToken: clientTokenOf('CreateManagedPrefixList', input),
    } as const;
    return answer(cloud, caller, (tx, scope) => createPrefixList(tx, scope, request), dryRun);
  },

  async ModifyManagedPrefixList({ input, caller, cloud, dryRun }) {
    refuseUnsupported(input, ['IpamPrefixListResolverSyncEnabled']);
    const { PrefixListId, CurrentVersion, PrefixListName, MaxEntries } = input;
    const request = {
      add: parseEntries(input.AddEntries),
      remove: (input.RemoveEntries ?? []).map(({ Cidr }) => parseBlock(Cidr)),
      ...(CurrentVersion === undefined ? {} : { currentVersion: CurrentVersion }),
      ...(PrefixListName === undefined ? {} : { name: PrefixListName }),
      ...(MaxEntries === undefined ? {} : { maxEntries: MaxEntries }),
    };
    const change: Change = (tx, scope) => modifyPrefixList(tx, scope, PrefixListId, request);
    return answer(cloud, caller, change, dryRun);
  },

  async RestoreManagedPrefixListVersion({ input, caller, cloud, dryRun }) {
    const request = {
      previousVersion: input.PreviousVersion,
      currentVersion: input.CurrentVersion,
    };
    const change: Change = (tx, scope) => restorePrefixList(tx, scope, input.PrefixListId, request);
    return answer(cloud, caller, change, dryRun);
  },

  async DeleteManagedPrefixList({ input, caller, cloud, dryRun }) {
    const change: Change = (tx, scope) => deletePrefixList(tx, scope, input.PrefixListId);
    return answer(cloud, caller, change, dryRun);
  },

  DescribeManagedPrefixLists: describeLists,
  GetManagedPrefixListEntries: getEntries,
  GetManagedPrefixListAssociations: getAssociations,
  DescribePrefixLists: describeServices,
} satisfies Ec2HandlersOf<Operation>;

type Call = Ec2Call<'CreateManagedPrefixList'>;
type Transaction = Parameters<Parameters<Call['cloud']['execute']>[0]>[0];
type Change = (tx: Transaction, scope: Scope) => PrefixList;

/** Runs a change and answers the list in its first state (G-046). */
async function answer(
  cloud: Call['cloud'],
  caller: Call['caller'],
  change: Change,
  dryRun: boolean,
) {
  const scope = scopeOf(caller);
  const PrefixList = await cloud.execute((tx) => listView(tx, scope, change(tx, scope)), {
    dryRun,
  });
  return { PrefixList };
}

interface EntryInput {
  readonly Cidr?: string | undefined;
  readonly Description?: string | undefined;
}

function parseEntries(entries: readonly EntryInput[] | undefined): PrefixListEntry[] {
  return (entries ?? []).map(({ Cidr, Description }) => ({
    cidr: parseBlock(Cidr),
    ...(Description === undefined ? {} : { description: Description }),
  }));
}

function parseBlock(text: string | undefined) {
  return parseCidrParameter('cidr', required('cidr', text));
}

type AnyList = PrefixList | AwsPrefixList;

const isCustomers = (list: AnyList): list is PrefixList => 'account' in list;

function describeLists({ input, caller, cloud: { model } }: Ec2Call<'DescribeManagedPrefixLists'>) {
  const { records, nextToken } = describe<AnyList>(input, {
    records: listsOf(model, caller, input.PrefixListIds),
    filters: LIST_FILTERS,
    tags: ({ id }) => tagsOf(model, caller, id),
    page: PAGE,
  });
  return {
    PrefixLists: records.map((list) => listView(model, caller, list)),
    NextToken: nextToken,
  };
}

/** Those of the ids (each must exist), or all: the account's, those shared with it, and AWS's. */
function listsOf(reader: ModelReader, scope: Scope, ids: readonly string[] = []): AnyList[] {
  if (ids.length > 0) return [...new Set(ids)].map((id) => findPrefixList(reader, scope, id));
  return [...visible(reader, scope, TYPE), ...awsPrefixLists(scope.region)];
}

const LIST_FILTERS: FiltersOf<AnyList> = {
  'owner-id': (list) => (isCustomers(list) ? list.account : 'AWS'),
  'prefix-list-id': ({ id }) => id,
  'prefix-list-name': ({ name }) => name,
};

function listView(reader: ModelReader, scope: Scope, list: AnyList): Sdk.ManagedPrefixList {
  const common = {
    PrefixListId: list.id,
    PrefixListName: list.name,
    AddressFamily: `IPv${list.family}`,
  };
  if (!isCustomers(list)) {
    const { id, region } = list;
    const PrefixListArn = ec2Arn({ id, region, account: 'aws' }, TYPE);
    return { ...common, State: 'create-complete', PrefixListArn, OwnerId: 'AWS', Tags: [] };
  }
  return {
    ...common,
    State: list.state,
    StateMessage: list.stateMessage,
    PrefixListArn: ec2Arn(list, TYPE),
    MaxEntries: list.maxEntries,
    Version: list.version,
    OwnerId: list.account,
    Tags: tagList(tagsOf(reader, scope, list.id)),
  };
}

function getEntries({ input, caller, cloud: { model } }: Ec2Call<'GetManagedPrefixListEntries'>) {
  const { id } = findPrefixList(model, scopeOf(caller), input.PrefixListId);
  const entries = entriesOf(model, id, input.TargetVersion);
  const { records, nextToken } = describe(page(input), {
    records: entries.map((entry) => ({ ...entry, id: formatCidr(entry.cidr) })),
    filters: {},
    page: ENTRIES_PAGE,
  });
  return {
    Entries: records.map((entry) => ({ Cidr: entry.id, Description: entry.description })),
    NextToken: nextToken,
  };
}

/** @throws AwsError PrefixListVersionNotFound */
function entriesOf(
  reader: ModelReader,
  id: string,
  version: number | undefined,
): readonly PrefixListEntry[] {
  if (version === undefined) return prefixListContent(reader, id)!.entries;
  const found = reader.get('prefix-list-version', prefixListVersionId(id, version));
  const current = reader.get(TYPE, id)?.version ?? 0;
  if (found === undefined || version > current) throw noVersion(id, version);
  return found.entries;
}

function getAssociations({
  input,
  caller,
  cloud: { model },
}: Ec2Call<'GetManagedPrefixListAssociations'>) {
  const { id } = findOwnPrefixList(model, scopeOf(caller), input.PrefixListId);
  const { records, nextToken } = describe(page(input), {
    records: prefixListReferences(model, id),
    filters: {},
    page: ASSOCIATIONS_PAGE,
  });
  return {
    PrefixListAssociations: records.map((one) => ({
      ResourceId: one.id,
      ResourceOwner: one.account,
    })),
    NextToken: nextToken,
  };
}

interface PageInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** The calls named Get have pages and no filters. */
function page({ MaxResults, NextToken }: PageInput) {
  return {
    ...(MaxResults === undefined ? {} : { MaxResults }),
    ...(NextToken === undefined ? {} : { NextToken }),
  };
}

/** AWS's own lists alone, with what they hold. */
function describeServices({ input, caller, cloud: { model } }: Ec2Call<'DescribePrefixLists'>) {
  const asked = listsOf(model, scopeOf(caller), input.PrefixListIds);
  const { records, nextToken } = describe<AwsPrefixList>(input, {
    records: asked.flatMap((list) => (isCustomers(list) ? [] : [list])),
    filters: {
      'prefix-list-id': ({ id }) => id,
      'prefix-list-name': ({ name }) => name,
    },
  });
  return {
    PrefixLists: records.map(({ id, name, entries }) => ({
      PrefixListId: id,
      PrefixListName: name,
      Cidrs: entries.map(({ cidr }) => formatCidr(cidr)),
    })),
    NextToken: nextToken,
  };
}
