/** Routes: requests to commands. */
import { createRoute, deleteRoute, replaceRoute } from '../../control/vpc/route.ts';
import { awsError } from '../../model/error.ts';
import type { Cidr } from '../../net/cidr.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { missingParameter, parseCidr4Parameter, parseCidr6Parameter } from './parse.ts';
import { parseTarget } from './route-target.ts';

export const routeHandlers = {
  async CreateRoute({ input, caller, cloud, dryRun }) {
    const request = {
      routeTableId: input.RouteTableId,
      destination: parseDestination(input),
      target: parseTarget(input),
    };
    await cloud.execute((tx) => createRoute(tx, caller, request), { dryRun });
    return { Return: true };
  },

  async ReplaceRoute({ input, caller, cloud, dryRun }) {
    const request = {
      routeTableId: input.RouteTableId,
      destination: parseDestination(input),
      target: parseTarget(input),
    };
    await cloud.execute((tx) => replaceRoute(tx, caller, request), { dryRun });
    return {};
  },

  async DeleteRoute({ input, caller, cloud, dryRun }) {
    const request = { routeTableId: input.RouteTableId, destination: parseDestination(input) };
    await cloud.execute((tx) => deleteRoute(tx, caller, request), { dryRun });
    return {};
  },
} satisfies Ec2HandlersOf<'CreateRoute' | 'ReplaceRoute' | 'DeleteRoute'>;

interface DestinationInput {
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
  readonly DestinationPrefixListId?: string | undefined;
}

/** */
function parseDestination({
  DestinationCidrBlock: ipv4,
  DestinationIpv6CidrBlock: ipv6,
  DestinationPrefixListId: prefixListId,
}: DestinationInput): Cidr {
  const count = [ipv4, ipv6, prefixListId].filter((one) => one !== undefined).length;
  if (count > 1) {
    const message = 'A route has exactly one destination: a CIDR block or a prefix list.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (prefixListId !== undefined) throw noPrefixList(prefixListId);
  if (ipv6 !== undefined) return parseCidr6Parameter('destinationIpv6CidrBlock', ipv6);
  if (ipv4 === undefined) throw missingParameter('destinationCidrBlock');
  return parseCidr4Parameter('destinationCidrBlock', ipv4);
}

function noPrefixList(id: string) {
  return awsError('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
}
