/** What random questions have to know of an interface. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Cidr, containsIp } from '../../src/net/cidr.ts';
import type { Family } from '../../src/net/ip.ts';
import type { Builder } from './builder.ts';

export function hasFamily({ addresses, ipv6Addresses }: NetworkInterface, family: Family): boolean {
  return (family === 4 ? addresses : ipv6Addresses).length > 0;
}

export function isRunning({ cloud }: Builder, { attachment }: NetworkInterface): boolean {
  if (attachment?.status !== 'attached') return false;
  return cloud.model.get('instance', attachment.instanceId)?.state === 'running';
}

/** Whether it is running and lets everybody in. */
export function isOpen(builder: Builder, eni: NetworkInterface): boolean {
  const { model } = builder.cloud;
  const open = eni.groupIds.some((id) => model.get('security-group', id)?.groupName === 'open');
  return open && isRunning(builder, eni);
}

/** Whether one of its addresses is in a block. */
export function isIn({ addresses, ipv6Addresses }: NetworkInterface, block: Cidr): boolean {
  const own = [...addresses.map(({ address }) => address), ...ipv6Addresses];
  return own.some((address) => containsIp(block, address));
}
