/** What two VPCs know of each other because one transit gateway has both. */
import type { ModelReader } from '../model.ts';
import { carriesPackets, type VpcAttachment, vpcAttachment } from './attachment.ts';
import type { TransitGateway } from './transit-gateway.ts';

/** Whether one gateway has both VPCs, whatever it tells them of each other. */
export function sharesTransitGateway(reader: ModelReader, a: string, b: string): boolean {
  return sharedGateways(reader, a, b).length > 0;
}

/** C-048: whether groups of `b` may be named in `a`: the gateway and both attachments say so. */
export function refersOverTransitGateway(reader: ModelReader, a: string, b: string): boolean {
  return allow(reader, a, b, 'securityGroupReferencingSupport');
}

/** C-041: whether `a` is told the private addresses of public names of `b`. */
export function resolvesOverTransitGateway(reader: ModelReader, a: string, b: string): boolean {
  return allow(reader, a, b, 'dnsSupport');
}

type Support = keyof TransitGateway['options'] & keyof VpcAttachment['options'];

function allow(reader: ModelReader, a: string, b: string, support: Support): boolean {
  return sharedGateways(reader, a, b).some(({ gateway, ends }) =>
    [gateway, ...ends].every(({ options }) => options[support]),
  );
}

function sharedGateways(reader: ModelReader, a: string, b: string) {
  return reader.by('transit-gateway-attachment', 'vpc', a).flatMap((own) => {
    if (own.resourceType !== 'vpc' || !carriesPackets(own)) return [];
    const gateway = reader.get('transit-gateway', own.transitGatewayId);
    const other = vpcAttachment(reader, own.transitGatewayId, b);
    if (gateway === undefined || other === undefined || !carriesPackets(other)) return [];
    return [{ gateway, ends: [own, other] }];
  });
}
