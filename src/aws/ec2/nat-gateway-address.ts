/** Further addresses of NAT gateways: requests to commands, records to answers. */
import {
  assignPrivateNatGatewayAddress,
  associateNatGatewayAddress,
  disassociateNatGatewayAddress,
  type NatGatewayChange,
  unassignPrivateNatGatewayAddress,
} from '../../control/vpc/nat-gateway-address.ts';
import { awsError } from '../../model/error.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { natAddressView } from './nat-gateway.ts';
import { invalidValue, missingParameter, parseIpv4Parameter, refuseUnsupported } from './parse.ts';

export const natGatewayAddressHandlers = {
  async AssociateNatGatewayAddress({ input, caller, cloud, dryRun }) {
    refuseUnsupported(input, ['AvailabilityZone', 'AvailabilityZoneId']);
    const request = {
      natGatewayId: input.NatGatewayId,
      allocationIds: someOf('allocationId', input.AllocationIds),
      privateAddresses: parseAddresses(input.PrivateIpAddresses),
    };
    const change = await cloud.execute((tx) => associateNatGatewayAddress(tx, caller, request), {
      dryRun,
    });
    return changeView(change);
  },

  async DisassociateNatGatewayAddress({ input, caller, cloud, dryRun }) {
    const ids = someOf('associationId', input.AssociationIds);
    const seconds = parseDrain(input.MaxDrainDurationSeconds);
    const change = await cloud.execute(
      (tx) => disassociateNatGatewayAddress(tx, caller, input.NatGatewayId, ids, seconds),
      { dryRun },
    );
    return changeView(change);
  },

  async AssignPrivateNatGatewayAddress({ input, caller, cloud, dryRun }) {
    const { NatGatewayId: natGatewayId, PrivateIpAddressCount } = input;
    const addresses = parseAddresses(input.PrivateIpAddresses);
    if (addresses.length > 0 && PrivateIpAddressCount !== undefined) {
      const message =
        'The parameters PrivateIpAddresses and PrivateIpAddressCount cannot be used together.';
      throw awsError('InvalidParameterCombination', message);
    }
    const count = PrivateIpAddressCount ?? (addresses.length > 0 ? 0 : 1);
    if (addresses.length === 0 && count < 1) {
      throw invalidValue('privateIpAddressCount', count, 'It must be at least 1.');
    }
    const change = await cloud.execute(
      (tx) => assignPrivateNatGatewayAddress(tx, caller, { natGatewayId, addresses, count }),
      { dryRun },
    );
    return changeView(change);
  },

  async UnassignPrivateNatGatewayAddress({ input, caller, cloud, dryRun }) {
    const addresses = parseAddresses(someOf('privateIpAddress', input.PrivateIpAddresses));
    const seconds = parseDrain(input.MaxDrainDurationSeconds);
    const change = await cloud.execute(
      (tx) => unassignPrivateNatGatewayAddress(tx, caller, input.NatGatewayId, addresses, seconds),
      { dryRun },
    );
    return changeView(change);
  },
} satisfies Ec2HandlersOf<
  | `${'Associate' | 'Disassociate'}NatGatewayAddress`
  | `${'Assign' | 'Unassign'}PrivateNatGatewayAddress`
>;

function someOf(parameter: string, values: readonly string[]): readonly string[] {
  if (values.length === 0) throw missingParameter(parameter);
  return values;
}

function parseAddresses(texts: readonly string[] = []): Ipv4[] {
  return texts.map((text) => parseIpv4Parameter('privateIpAddress', text));
}

/** MODEL:DisassociateNatGatewayAddress: 1 to 4,000 seconds. */
function parseDrain(seconds = 350): number {
  if (seconds >= 1 && seconds <= 4000) return seconds;
  throw invalidValue('maxDrainDurationSeconds', seconds, 'It must be between 1 and 4000.');
}

function changeView({ gateway, addresses }: NatGatewayChange) {
  return {
    NatGatewayId: gateway.id,
    NatGatewayAddresses: addresses.map((one) => natAddressView(gateway, one)),
  };
}
