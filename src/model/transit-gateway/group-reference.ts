/** Which VPCs know each other's security groups over a transit gateway (C-048). */
import type { ModelReader } from '../model.ts';
import { carriesPackets, type VpcAttachment, vpcAttachment } from './attachment.ts';

/** Whether groups of `b` may be named in `a`: the gateway and both attachments support it. */
export function refersOverTransitGateway(reader: ModelReader, a: string, b: string): boolean {
  return attachmentPairs(reader, a, b).some(([own, other]) => {
    const gateway = reader.get('transit-gateway', own.transitGatewayId);
    if (gateway?.options.securityGroupReferencingSupport !== true) return false;
    return [own, other].every(({ options }) => options.securityGroupReferencingSupport);
  });
}

/** Whether one gateway has both VPCs, whatever it tells of their groups. */
export function sharesTransitGateway(reader: ModelReader, a: string, b: string): boolean {
  return attachmentPairs(reader, a, b).length > 0;
}

function attachmentPairs(reader: ModelReader, a: string, b: string) {
  return reader.by('transit-gateway-attachment', 'vpc', a).flatMap((own) => {
    if (own.resourceType !== 'vpc' || !carriesPackets(own)) return [];
    const other = vpcAttachment(reader, own.transitGatewayId, b);
    if (other === undefined || !carriesPackets(other)) return [];
    return [[own, other] satisfies [VpcAttachment, VpcAttachment]];
  });
}
