/** What is joined to what: gateways to VPCs, Direct Connect gateways to gateways. */
import type { DirectConnectGatewayAssociation } from '../../../src/model/direct-connect/gateway-association.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { type Cidr, containsCidr } from '../../../src/net/cidr.ts';
import { blocksOf, type World } from '../world.ts';

/** The VPC that the gateway is attached to. */
export function servedVpc({ model }: World, gatewayId: string): Vpc | undefined {
  const { attachment } = model.get('vpn-gateway', gatewayId) ?? {};
  return attachment?.state === 'attached' ? model.get('vpc', attachment.vpcId) : undefined;
}

/** H-071: those that packets pass. */
export function carryingAssociations(
  { model }: World,
  gatewayId: string | undefined,
): DirectConnectGatewayAssociation[] {
  return [...model.all('direct-connect-gateway-association')].filter(
    ({ directConnectGatewayId, state }) =>
      directConnectGatewayId === gatewayId && (state === 'associated' || state === 'updating'),
  );
}

export function isAssociatedWith(
  world: World,
  directConnectGatewayId: string | undefined,
  gatewayId: string,
): boolean {
  return carryingAssociations(world, directConnectGatewayId).some(
    ({ gateway }) => gateway.id === gatewayId,
  );
}

/** H-069, H-070, C-106: a filter over the VPC's blocks, or the prefixes as they are. */
export function allowedBy(
  world: World,
  { gateway, allowedPrefixes }: DirectConnectGatewayAssociation,
): readonly Cidr[] {
  if (gateway.kind === 'transit-gateway') return allowedPrefixes;
  const vpc = servedVpc(world, gateway.id);
  const blocks = vpc ? blocksOf(vpc) : [];
  if (allowedPrefixes.length === 0) return blocks;
  return blocks.filter((block) => allowedPrefixes.some((entry) => containsCidr(entry, block)));
}
