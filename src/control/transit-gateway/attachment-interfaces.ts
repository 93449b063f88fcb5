/** The gateway's interfaces in a VPC: one in each subnet of an attachment (C-020). */
import type { ModelReader } from '../../model/model.ts';
import type { AttachmentSubnet, VpcAttachment } from '../../model/transit-gateway/attachment.ts';
import type { Transaction } from '../transaction.ts';
import { putNetworkInterface, removeNetworkInterface } from '../vpc/network-interface.ts';
import { freeAddressCount } from '../vpc/subnet-addresses.ts';

/** Whether each subnet has an address left. */
export function hasRoom(reader: ModelReader, subnets: readonly AttachmentSubnet[]): boolean {
  return subnets.every(({ subnetId }) => {
    const subnet = reader.get('subnet', subnetId);
    return subnet !== undefined && freeAddressCount(reader, subnet) > 0;
  });
}

/**
 * The subnets with the interfaces they get: the VPC's owner has them, the gateway manages them.
 * @throws AwsError NetworkInterfaceLimitExceeded
 */
export function makeInterfaces(
  tx: Transaction,
  { id, account, region }: VpcAttachment,
  subnets: readonly AttachmentSubnet[],
): AttachmentSubnet[] {
  return subnets.map((one) => {
    const subnet = tx.get('subnet', one.subnetId)!;
    const eni = putNetworkInterface(tx, { account, region }, subnet, {
      description: `Network Interface for Transit Gateway Attachment ${id}`,
      groupIds: [],
      addresses: { secondary: [], secondaryCount: 0, ipv6: [], ipv6Count: 0 },
      connectionTracking: {},
      tags: {},
      interfaceType: 'transit_gateway',
      requesterManaged: true,
    });
    tx.update('network-interface', eni, { status: 'in-use', sourceDestCheck: false });
    return { ...one, networkInterfaceId: eni.id };
  });
}

/** The subnets without their interfaces. */
export function removeInterfaces(
  tx: Transaction,
  subnets: readonly AttachmentSubnet[],
): AttachmentSubnet[] {
  return subnets.map(({ networkInterfaceId, ...rest }) => {
    const eni = tx.get('network-interface', networkInterfaceId ?? '');
    if (eni !== undefined) removeNetworkInterface(tx, eni);
    return rest;
  });
}
