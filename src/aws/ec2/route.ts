/** Routes: requests to commands. */
import {
  createPrefixListRoute,
  deletePrefixListRoute,
  replacePrefixListRoute,
} from '../../control/vpc/prefix-list-route.ts';
import { createRoute, deleteRoute, replaceRoute } from '../../control/vpc/route.ts';
import { awsError } from '../../model/error.ts';
import type { Cidr } from '../../net/cidr.ts';
import type { Ec2HandlersOf } from './handler.ts';
import type { Ec2Input } from './operations.ts';
import { missingParameter, parseCidr4Parameter, parseCidr6Parameter } from './parse.ts';
import { parseTarget } from './route-target.ts';

export const routeHandlers = {
  async CreateRoute({ input, caller, cloud, dryRun }) {
    const request = parseRoute(input);
    await cloud.execute(
      (tx) => {
        if ('prefixListId' in request) createPrefixListRoute(tx, caller, request);
        else createRoute(tx, caller, request);
      },
      { dryRun },
    );
    return { Return: true };
  },

  async ReplaceRoute({ input, caller, cloud, dryRun }) {
    const request = parseRoute(input);
    await cloud.execute(
      (tx) => {
        if ('prefixListId' in request) replacePrefixListRoute(tx, caller, request);
        else replaceRoute(tx, caller, request);
      },
      { dryRun },
    );
    return {};
  },

  async DeleteRoute({ input, caller, cloud, dryRun }) {
    const request = { routeTableId: input.RouteTableId, ...parseDestination(input) };
    await cloud.execute(
      (tx) => {
        if ('prefixListId' in request) deletePrefixListRoute(tx, caller, request);
        else deleteRoute(tx, caller, request);
      },
      { dryRun },
    );
    return {};
  },
} satisfies Ec2HandlersOf<'CreateRoute' | 'ReplaceRoute' | 'DeleteRoute'>;

function parseRoute(input: Ec2Input<'CreateRoute' | 'ReplaceRoute'>) {
  const routeTableId = input.RouteTableId;
  return { routeTableId, ...parseDestination(input), target: parseTarget(input) };
}

type Destination = { readonly destination: Cidr } | { readonly prefixListId: string };

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
}: DestinationInput): Destination {
  const count = [ipv4, ipv6, prefixListId].filter((one) => one !== undefined).length;
  if (count > 1) {
    const message = 'A route has exactly one destination: a CIDR block or a prefix list.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (prefixListId !== undefined) return { prefixListId };
  if (ipv6 !== undefined) {
    return { destination: parseCidr6Parameter('destinationIpv6CidrBlock', ipv6) };
  }
  if (ipv4 === undefined) throw missingParameter('destinationCidrBlock');
  return { destination: parseCidr4Parameter('destinationCidrBlock', ipv4) };
}
