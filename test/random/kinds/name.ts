/** What names resolve to: attributes of VPCs, subnets and peerings, and DHCP option sets. */
import { modifyPeeringOptions } from '../../../src/control/peering/peering-options.ts';
import { associateDhcpOptions, createDhcpOptions } from '../../../src/control/vpc/dhcp-options.ts';
import { modifySubnetAttribute } from '../../../src/control/vpc/subnet.ts';
import { modifyVpcAttribute } from '../../../src/control/vpc/vpc.ts';
import type { PeeringConnection } from '../../../src/model/peering/peering-connection.ts';
import type { Subnet } from '../../../src/model/vpc/subnet.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { addToIp, formatIp } from '../../../src/net/ip.ts';
import { all, any, attempt, type Builder, type Changes, scopeOf } from '../builder.ts';

/** Before instances are launched, which take their names' settings from their subnet. */
export async function buildNames(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const vpc of all(builder, 'vpc')) {
    if (random.chance(0.85)) await setHostnames(builder, vpc, true);
    if (random.chance(0.12)) await setSupport(builder, vpc, false);
  }
  for (const subnet of all(builder, 'subnet')) {
    if (subnet.ipv6Cidrs.length > 0 && random.chance(0.6)) await setDns64(builder, subnet, true);
    if (random.chance(0.6)) await setResourceNames(builder, subnet, true);
  }
}

/** Once there are instances and peerings. */
export async function buildNameServers(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const vpc of all(builder, 'vpc')) {
    if (random.chance(0.35)) await giveOptions(builder, vpc);
  }
  for (const connection of all(builder, 'vpc-peering-connection')) {
    if (random.chance(0.5)) await letKnow(builder, connection, true);
  }
}

function setHostnames(builder: Builder, vpc: Vpc, enableDnsHostnames: boolean) {
  return attempt(builder, (tx) =>
    modifyVpcAttribute(tx, scopeOf(vpc), vpc.id, { enableDnsHostnames }),
  );
}

function setSupport(builder: Builder, vpc: Vpc, enableDnsSupport: boolean) {
  return attempt(builder, (tx) =>
    modifyVpcAttribute(tx, scopeOf(vpc), vpc.id, { enableDnsSupport }),
  );
}

function setDns64(builder: Builder, subnet: Subnet, enableDns64: boolean) {
  return attempt(builder, (tx) =>
    modifySubnetAttribute(tx, scopeOf(subnet), subnet.id, { enableDns64 }),
  );
}

async function setResourceNames(builder: Builder, subnet: Subnet, on: boolean) {
  const attributes = [
    { enableResourceNameDnsARecord: on },
    { enableResourceNameDnsAaaaRecord: on && builder.random.chance(0.7) },
  ];
  for (const attribute of attributes) {
    await attempt(builder, (tx) => {
      modifySubnetAttribute(tx, scopeOf(subnet), subnet.id, attribute);
    });
  }
}

/** Both sides where one owner has both (B-053), else the requester's. */
function letKnow(builder: Builder, { id, requester }: PeeringConnection, allow: boolean) {
  const options = { allowDnsResolutionFromRemoteVpc: allow };
  return attempt(builder, (tx) => {
    modifyPeeringOptions(tx, requester, id, { requester: options });
  });
}

/** A set of name servers and domains: AWS's, an instance's, somebody's outside, or nobody's. */
function giveOptions(builder: Builder, vpc: Vpc) {
  const { random } = builder;
  const scope = scopeOf(vpc);
  const servers = Array.from({ length: 1 + random.below(3) }, () => randomServer(builder, vpc));
  const domain = random.pick([
    'ec2.internal',
    'eu-west-1.compute.internal ec2.internal',
    'a.example',
  ]);
  const configurations = [
    ...(random.chance(0.8) ? [{ key: 'domain-name-servers', values: [...new Set(servers)] }] : []),
    ...(random.chance(0.6) ? [{ key: 'domain-name', values: [domain] }] : []),
  ];
  return attempt(builder, (tx) => {
    const { id } = createDhcpOptions(tx, scope, { configurations, tags: {} });
    associateDhcpOptions(tx, scope, { vpcId: vpc.id, dhcpOptionsId: id });
  });
}

function randomServer(builder: Builder, vpc: Vpc): string {
  const { random } = builder;
  const inside = random.chance(0.7);
  const eni = any(
    builder,
    'network-interface',
    ({ vpcId, attachment }) => attachment !== undefined && (vpcId === vpc.id) === inside,
  );
  const [ipv4] = eni?.addresses ?? [];
  const [ipv6] = eni?.ipv6Addresses ?? [];
  const own = formatIp(addToIp(vpc.cidrs[0]!.cidr.address, 2));
  return random.pick([
    'AmazonProvidedDNS',
    'AmazonProvidedDNS',
    own,
    '8.8.8.8',
    '10.255.255.9',
    formatIp(ipv4?.address ?? vpc.cidrs[0]!.cidr.address),
    ipv6 === undefined ? own : formatIp(ipv6),
  ]);
}

function toggleSupport(builder: Builder) {
  return setSupport(builder, any(builder, 'vpc')!, builder.random.chance(0.6));
}

function toggleHostnames(builder: Builder) {
  return setHostnames(builder, any(builder, 'vpc')!, builder.random.chance(0.7));
}

function toggleDns64(builder: Builder) {
  return setDns64(builder, any(builder, 'subnet')!, builder.random.chance(0.6));
}

function changeOptions(builder: Builder) {
  const vpc = any(builder, 'vpc')!;
  if (builder.random.chance(0.6)) return giveOptions(builder, vpc);
  const request = { vpcId: vpc.id, dhcpOptionsId: 'default' };
  return attempt(builder, (tx) => associateDhcpOptions(tx, scopeOf(vpc), request));
}

function togglePeeringOption(builder: Builder) {
  const connection = any(builder, 'vpc-peering-connection');
  return connection && letKnow(builder, connection, builder.random.chance(0.6));
}

export const nameChanges: Changes = [
  [2, toggleSupport],
  [1, toggleHostnames],
  [1, toggleDns64],
  [1, changeOptions],
  [1, togglePeeringOption],
];
