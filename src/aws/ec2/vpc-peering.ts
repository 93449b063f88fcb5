/** VPC peering connections: requests to commands, records to answers. */
import type { VpcPeeringConnection, VpcPeeringConnectionVpcInfo } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../control/cloud.ts';
import { acceptPeering, rejectPeering } from '../../control/peering/answer-peering.ts';
import { deletePeering } from '../../control/peering/delete-peering.ts';
import { findPeering, visiblePeerings } from '../../control/peering/find-peering.ts';
import {
  modifyPeeringOptions,
  type PeeringOptions,
} from '../../control/peering/peering-options.ts';
import { createPeering } from '../../control/peering/request-peering.ts';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type PeeringConnection,
  type PeeringSide,
  type SideName,
  statusMessage,
} from '../../model/peering/peering-connection.ts';
import { isRegion } from '../../model/region.ts';
import { activeCidrs } from '../../model/vpc/vpc.ts';
import { formatCidr, isCidr4 } from '../../net/cidr.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  invalidValue,
  missingParameter,
  parseTagSpecifications,
  refuseUnsupported,
  required,
} from './parse.ts';
import { tagList } from './render.ts';

const TYPE = 'vpc-peering-connection';

type Action = 'Create' | 'Accept' | 'Reject' | 'Delete';
type PeeringOperation =
  | `${Action}VpcPeeringConnection`
  | 'DescribeVpcPeeringConnections'
  | 'ModifyVpcPeeringConnectionOptions';

export const vpcPeeringHandlers = {
  async CreateVpcPeeringConnection({ input, caller, cloud, dryRun }) {
    const request = {
      vpcId: input.VpcId,
      peerVpcId: required('peerVpcId', input.PeerVpcId),
      peer: peerOf(input, caller),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const record = await cloud.execute((tx) => createPeering(tx, scopeOf(caller), request), {
      dryRun,
    });
    return { VpcPeeringConnection: peeringView(cloud.model, caller, record) };
  },

  async AcceptVpcPeeringConnection({ input, caller, cloud, dryRun }) {
    const id = input.VpcPeeringConnectionId;
    const record = await cloud.execute((tx) => acceptPeering(tx, scopeOf(caller), id), { dryRun });
    return { VpcPeeringConnection: peeringView(cloud.model, caller, record) };
  },

  async RejectVpcPeeringConnection({ input, caller, cloud, dryRun }) {
    const id = input.VpcPeeringConnectionId;
    await cloud.execute((tx) => rejectPeering(tx, scopeOf(caller), id), { dryRun });
    return { Return: true };
  },

  async DeleteVpcPeeringConnection({ input, caller, cloud, dryRun }) {
    const id = input.VpcPeeringConnectionId;
    await cloud.execute((tx) => deletePeering(tx, scopeOf(caller), id), { dryRun });
    return { Return: true };
  },

  DescribeVpcPeeringConnections: describePeerings,
  ModifyVpcPeeringConnectionOptions: modifyOptions,
} satisfies Ec2HandlersOf<PeeringOperation>;

function scopeOf({ account, region }: Scope): Scope {
  return { account, region };
}

/** B-023: the caller's own account and Region unless the request names others. */
function peerOf(
  { PeerOwnerId, PeerRegion }: Ec2Call<'CreateVpcPeeringConnection'>['input'],
  caller: Scope,
): Scope {
  if (PeerOwnerId !== undefined && !/^\d{12}$/.test(PeerOwnerId)) {
    throw invalidValue('peerOwnerId', PeerOwnerId, 'An account ID has 12 digits.');
  }
  if (PeerRegion !== undefined && !isRegion(PeerRegion)) {
    throw invalidValue('peerRegion', PeerRegion, 'This is not a valid Region.');
  }
  return { account: PeerOwnerId ?? caller.account, region: PeerRegion ?? caller.region };
}

function describePeerings({ input, caller, cloud }: Ec2Call<'DescribeVpcPeeringConnections'>) {
  const now = cloud.now();
  const ids = input.VpcPeeringConnectionIds ?? [];
  const { records, nextToken } = describe(input, {
    records:
      ids.length === 0
        ? visiblePeerings(cloud.model, caller, now)
        : [...new Set(ids)].map((id) => findPeering(cloud.model, caller, id, now)),
    filters: peeringFilters(cloud),
    tags: ({ id }) => tagsOf(cloud.model, caller, id),
  });
  return {
    VpcPeeringConnections: records.map((record) => peeringView(cloud.model, caller, record)),
    NextToken: nextToken,
  };
}

/** B-059 */
function peeringFilters({ model }: Cloud): FiltersOf<PeeringConnection> {
  const infoFilters = (side: SideName): FiltersOf<PeeringConnection> => ({
    [`${side}-vpc-info.cidr-block`]: (record) => blocksOf(model, record, record[side]).ipv4,
    [`${side}-vpc-info.owner-id`]: (record) => record[side].account,
    [`${side}-vpc-info.vpc-id`]: (record) => record[side].vpcId,
  });
  return {
    ...infoFilters('accepter'),
    ...infoFilters('requester'),
    'expiration-time': ({ expirationTime }) =>
      expirationTime === undefined ? undefined : new Date(expirationTime).toISOString(),
    'status-code': ({ status }) => status,
    'status-message': statusMessage,
    'vpc-peering-connection-id': ({ id }) => id,
  };
}

async function modifyOptions({
  input,
  caller,
  cloud,
  dryRun,
}: Ec2Call<'ModifyVpcPeeringConnectionOptions'>) {
  const { RequesterPeeringConnectionOptions, AccepterPeeringConnectionOptions } = input;
  const requester = parseOptions(RequesterPeeringConnectionOptions);
  const accepter = parseOptions(AccepterPeeringConnectionOptions);
  if (requester === undefined && accepter === undefined) {
    throw missingParameter('AccepterPeeringConnectionOptions or RequesterPeeringConnectionOptions');
  }
  const request = { ...(requester && { requester }), ...(accepter && { accepter }) };
  const id = input.VpcPeeringConnectionId;
  const record = await cloud.execute(
    (tx) => modifyPeeringOptions(tx, scopeOf(caller), id, request),
    { dryRun },
  );
  return {
    ...(requester && { RequesterPeeringConnectionOptions: optionsView(record.requester) }),
    ...(accepter && { AccepterPeeringConnectionOptions: optionsView(record.accepter) }),
  };
}

type OptionsInput = NonNullable<
  Ec2Call<'ModifyVpcPeeringConnectionOptions'>['input']['RequesterPeeringConnectionOptions']
>;

function parseOptions(options: OptionsInput | undefined): PeeringOptions | undefined {
  if (options === undefined) return undefined;
  refuseUnsupported(options, [
    'AllowEgressFromLocalClassicLinkToRemoteVpc',
    'AllowEgressFromLocalVpcToRemoteClassicLink',
  ]);
  const allow = options.AllowDnsResolutionFromRemoteVpc;
  return allow === undefined ? {} : { allowDnsResolutionFromRemoteVpc: allow };
}

/** The connection as a caller sees it: with the caller's own tags (B-058). */
export function peeringView(
  reader: ModelReader,
  scope: Scope,
  record: PeeringConnection,
): VpcPeeringConnection {
  const { id, status, expirationTime } = record;
  return {
    VpcPeeringConnectionId: id,
    Status: { Code: status, Message: statusMessage(record) },
    ...(expirationTime === undefined ? {} : { ExpirationTime: new Date(expirationTime) }),
    RequesterVpcInfo: sideView(reader, record, record.requester),
    AccepterVpcInfo: sideView(reader, record, record.accepter),
    Tags: tagList(tagsOf(reader, scope, id)),
  };
}

function sideView(
  reader: ModelReader,
  record: PeeringConnection,
  side: PeeringSide,
): VpcPeeringConnectionVpcInfo {
  const { ipv4, ipv6 } = blocksOf(reader, record, side);
  const [primary] = ipv4;
  return {
    OwnerId: side.account,
    VpcId: side.vpcId,
    Region: side.region,
    PeeringOptions: optionsView(side),
    ...(primary === undefined ? {} : { CidrBlock: primary }),
    ...(ipv4.length === 0 ? {} : { CidrBlockSet: ipv4.map((CidrBlock) => ({ CidrBlock })) }),
    ...(ipv6.length === 0
      ? {}
      : { Ipv6CidrBlockSet: ipv6.map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })) }),
  };
}

/** The blocks of a side's VPC, the primary one first: shown only while active (B-037). */
function blocksOf(reader: ModelReader, { status }: PeeringConnection, { vpcId }: PeeringSide) {
  const vpc = status === 'active' ? reader.get('vpc', vpcId) : undefined;
  const blocks = vpc === undefined ? [] : activeCidrs(vpc);
  return {
    ipv4: blocks.filter(isCidr4).map(formatCidr),
    ipv6: blocks.filter((block) => !isCidr4(block)).map(formatCidr),
  };
}

function optionsView(side: PeeringSide) {
  return {
    AllowDnsResolutionFromRemoteVpc: side.allowDnsResolutionFromRemoteVpc,
    AllowEgressFromLocalClassicLinkToRemoteVpc: false,
    AllowEgressFromLocalVpcToRemoteClassicLink: false,
  };
}
