/** Amazon's names, and what they mean to who asks a VPC's resolver. */
import type { Instance } from '../../src/model/vpc/instance.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Vpc } from '../../src/model/vpc/vpc.ts';
import { type Family, familyOf, formatIp, type Ip, parseIp } from '../../src/net/ip.ts';
import { embed } from './nat64.ts';
import { isPrivate } from './space.ts';
import { joinsNames } from './transit-gateway.ts';
import type { World } from './world.ts';

/** The first address that a VPC's resolver has of a name; DNS64 makes one. */
export function addressOfName(
  world: World,
  vpc: Vpc,
  { name, family, dns64 }: { name: string; family: Family; dns64: boolean },
): Ip | undefined {
  const all = addressesOfName(world, vpc, name.toLowerCase().replace(/\.$/, ''));
  const own = all.find((address) => familyOf(address) === family);
  if (own !== undefined || family === 4 || !dns64) return own;
  return all.map(embed)[0];
}

function addressesOfName(world: World, vpc: Vpc, name: string): Ip[] {
  const { model } = world;
  for (const eni of model.all('network-interface')) {
    for (const { address, publicAddress } of eni.addresses) {
      if (name === privateName(eni, address) && isNameKnown(world, vpc, eni, address)) {
        return [address];
      }
      if (publicAddress === undefined || name !== publicName(eni, publicAddress)) continue;
      // A-105, B-050, C-041: the private address inside the VPC, and for who is let know it.
      if (!givesNames(world, eni.vpcId)) continue;
      const inside =
        eni.vpcId === vpc.id ||
        isLetKnow(world, vpc, eni.vpcId) ||
        (givesNames(world, vpc.id) && joinsNames(world, vpc.id, eni.vpcId));
      return [inside ? address : publicAddress];
    }
  }
  for (const instance of model.all('instance')) {
    if (name === resourceName(instance)) return addressesOfInstance(world, vpc, instance);
  }
  return [];
}

/** of each family that the instance's own names are made for. */
function addressesOfInstance(world: World, vpc: Vpc, instance: Instance): Ip[] {
  const primary = [...world.model.all('network-interface')].find(
    ({ attachment }) => attachment?.instanceId === instance.id && attachment.deviceIndex === 0,
  );
  if (primary === undefined) return [];
  const ipv4 = primary.addresses.find((own) => own.primary)?.address;
  const [ipv6] = primary.ipv6Addresses;
  if (!isNameKnown(world, vpc, primary, ipv4)) return [];
  return [
    ...(instance.enableResourceNameDnsARecord && ipv4 !== undefined ? [ipv4] : []),
    ...(instance.enableResourceNameDnsAaaaRecord && ipv6 !== undefined ? [ipv6] : []),
  ];
}

/** Outside, an Amazon public name means the address it says. */
export function addressOutside(name: string): Ip | undefined {
  const text = name.toLowerCase().replace(/\.$/, '');
  const parts = /^ec2-(\d+)-(\d+)-(\d+)-(\d+)\.(compute-1|[a-z0-9-]+\.compute)\.amazonaws\.com$/;
  const numbers = parts.exec(text)?.slice(1, 5).join('.');
  return numbers === undefined ? undefined : parseIp(numbers);
}

type Place = Pick<NetworkInterface, 'region'>;

export function privateName({ region }: Place, address: Ip): string {
  return `ip-${formatIp(address).replaceAll('.', '-')}.${privateDomain(region)}`;
}

export function resourceName({ region, id }: Instance): string {
  return `${id}.${privateDomain(region)}`;
}

export function publicName({ region }: Place, address: Ip): string {
  const domain = region === 'us-east-1' ? 'compute-1' : `${region}.compute`;
  return `ec2-${formatIp(address).replaceAll('.', '-')}.${domain}.amazonaws.com`;
}

function privateDomain(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
}

/** Inside the VPC; of peers, private addresses of the Region, or all if the owner lets (B-055). */
function isNameKnown(
  world: World,
  vpc: Vpc,
  { vpcId }: NetworkInterface,
  address: Ip | undefined,
): boolean {
  if (!givesNames(world, vpc.id) || !givesNames(world, vpcId)) return false;
  if (vpcId === vpc.id || isLetKnow(world, vpc, vpcId)) return true;
  const peering = peeringBetween(world, vpc.id, vpcId);
  if (peering === undefined || address === undefined || !isPrivate(address)) return false;
  return peering.requester.region === peering.accepter.region;
}

/** */
function givesNames({ model }: World, vpcId: string): boolean {
  const vpc = model.get('vpc', vpcId)!;
  return vpc.enableDnsSupport && vpc.enableDnsHostnames;
}

/** B-050: whether a VPC's owner lets the peer's resolver know its private addresses. */
function isLetKnow(world: World, vpc: Vpc, ownerVpcId: string): boolean {
  const peering = peeringBetween(world, vpc.id, ownerVpcId);
  if (peering === undefined || !givesNames(world, vpc.id)) return false;
  const { requester, accepter } = peering;
  const owner = requester.vpcId === ownerVpcId ? requester : accepter;
  return owner.allowDnsResolutionFromRemoteVpc;
}

function peeringBetween({ model }: World, a: string, b: string) {
  for (const peering of model.all('vpc-peering-connection')) {
    const ends = [peering.requester.vpcId, peering.accepter.vpcId];
    if (peering.status === 'active' && a !== b && ends.includes(a) && ends.includes(b)) {
      return peering;
    }
  }
  return undefined;
}
