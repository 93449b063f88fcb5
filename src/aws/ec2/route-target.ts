/** The target of a route as CreateRoute and ReplaceRoute name it: one of many parameters. */
import type { TargetRequest } from '../../control/vpc/route-target.ts';
import { awsError } from '../../model/error.ts';
import type { Ec2Input } from './operations.ts';
import { missingParameter } from './parse.ts';

type RouteInput = Ec2Input<'CreateRoute'> & { readonly LocalTarget?: boolean | undefined };

type TargetParameter = Extract<keyof RouteInput, `${string}Id` | `${string}Arn`>;

/** Targets of kinds that nobody can have made yet, with AWS's error for an unknown one. */
const ABSENT: Partial<Record<TargetParameter, readonly [code: string, noun: string]>> = {
  VpcEndpointId: ['InvalidVpcEndpointId.NotFound', 'VPC endpoint'],
  LocalGatewayId: ['InvalidLocalGatewayID.NotFound', 'local gateway'],
  CarrierGatewayId: ['InvalidCarrierGatewayID.NotFound', 'carrier gateway'],
  CoreNetworkArn: ['InvalidCoreNetworkArn.NotFound', 'core network'],
  OdbNetworkArn: ['InvalidOdbNetworkArn.NotFound', 'ODB network'],
};

const PRESENT: Partial<Record<TargetParameter, Exclude<TargetRequest['kind'], 'local'>>> = {
  GatewayId: 'gateway',
  InstanceId: 'instance',
  NetworkInterfaceId: 'network-interface',
  NatGatewayId: 'nat-gateway',
  EgressOnlyInternetGatewayId: 'egress-only-internet-gateway',
  VpcPeeringConnectionId: 'vpc-peering-connection',
  TransitGatewayId: 'transit-gateway',
};

const TARGETS = [...Object.keys(PRESENT), ...Object.keys(ABSENT)] as TargetParameter[];

/**
 *
 * @throws AwsError MissingParameter, InvalidParameterCombination, the NotFound error of a kind that
 *   openvpc does not build
 */
export function parseTarget(input: RouteInput): TargetRequest {
  const given = TARGETS.filter((name) => input[name] !== undefined);
  const local = input.LocalTarget === true;
  if (given.length + Number(local) > 1) {
    const names = [...given, ...(local ? ['LocalTarget'] : [])].join(', ');
    const message = `A route has exactly one target; the request has ${names}.`;
    throw awsError('InvalidParameterCombination', message);
  }
  const name = given[0];
  if (name === undefined) {
    if (local) return { kind: 'local' };
    throw missingParameter(`exactly one of ${TARGETS.map(lowerFirst).join(', ')}`);
  }
  const id = input[name]!;
  const kind = PRESENT[name];
  if (kind !== undefined) return { kind, id };
  const [code, noun] = ABSENT[name]!;
  throw awsError(code, `The ${noun} '${id}' does not exist`);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
