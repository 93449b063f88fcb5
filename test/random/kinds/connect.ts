/** Connect attachments: an appliance in a VPC, GRE to the gateway, and a network behind it. */
import { createConnectAttachment } from '../../../src/control/transit-gateway/connect-attachment.ts';
import { createConnectPeer } from '../../../src/control/transit-gateway/connect-peer.ts';
import { modifyTransitGateway } from '../../../src/control/transit-gateway/modify-gateway.ts';
import type { VpcAttachment } from '../../../src/model/transit-gateway/attachment.ts';
import type { TransitGateway } from '../../../src/model/transit-gateway/transit-gateway.ts';
import type { Subnet } from '../../../src/model/vpc/subnet.ts';
import {
  addRule,
  all,
  attempt,
  type Builder,
  block,
  launch,
  scopeOf,
  setRoute,
  tableOf,
} from '../builder.ts';
import { standUp } from './hybrid.ts';
import { group } from './security-group.ts';
import { vpcAttachments } from './transit-gateway.ts';

/** In most clouds at most gateways one, with an appliance that mostly has what it needs. */
export async function buildConnects(builder: Builder): Promise<void> {
  const { random } = builder;
  if (random.chance(0.35)) return;
  for (const [index, gateway] of all(builder, 'transit-gateway').entries()) {
    const transports = vpcAttachments(builder).filter(
      ({ transitGatewayId }) => transitGatewayId === gateway.id,
    );
    if (transports.length === 0 || random.chance(0.15)) continue;
    await buildConnect(builder, gateway, random.pick(transports), index);
  }
}

async function buildConnect(
  builder: Builder,
  gateway: TransitGateway,
  transport: VpcAttachment,
  index: number,
): Promise<void> {
  const { random, cloud } = builder;
  const scope = scopeOf(gateway);
  const own = block(`100.80.${index}.0/24`);
  const change = { options: {}, addBlocks: [own], removeBlocks: [] };
  await attempt(builder, (tx) => modifyTransitGateway(tx, scope, gateway.id, change));
  await cloud.advance(1000);
  const request = { transportAttachmentId: transport.id, tags: {} };
  const made = await attempt(builder, (tx) => createConnectAttachment(tx, scope, request));
  await cloud.advance(1000);
  if (made === undefined) return;
  for (let count = 0; count < 1 + random.below(2); count++) {
    const appliance = await launchAppliance(builder, gateway, transport);
    if (appliance === undefined) return;
    const peerAsn = random.chance(0.85) ? { peerAsn: random.pick([65_040, 65_050]) } : {};
    const insideBlocks = [block(`169.254.${100 + 8 * index + count}.0/29`)];
    const peer = await attempt(builder, (tx) =>
      createConnectPeer(tx, scope, {
        ...{ attachmentId: made.id, peerAddress: appliance, insideBlocks, tags: {}, ...peerAsn },
      }),
    );
    await cloud.advance(1000);
    if (peer === undefined || random.chance(0.1)) continue;
    await standUp(builder, { kind: 'transit-gateway-connect-peer', id: peer.id });
  }
}

/** In one of the zones that the gateway has a subnet in; its address. */
async function launchAppliance(
  builder: Builder,
  { options: { cidrBlocks }, id }: TransitGateway,
  { vpcId, subnets }: VpcAttachment,
) {
  const { random, cloud } = builder;
  const zones = subnets.map(({ zoneId }) => zoneId);
  const found = cloud.model
    .by('subnet', 'vpc', vpcId)
    .filter(({ zoneId, cidr }) => cidr !== undefined && zones.includes(zoneId));
  if (found.length === 0) return undefined;
  const passing = found.filter((subnet) => passesEverything(builder, subnet));
  const subnet = random.pick(passing.length > 0 && random.chance(0.85) ? passing : found);
  const groupIds = [await applianceGroup(builder, subnet)];
  await attempt(builder, (tx) => launch(tx, { subnet, groupIds }));
  await cloud.advance(1000);
  // C-099
  const [own] = cloud.model.get('transit-gateway', id)?.options.cidrBlocks ?? cidrBlocks;
  for (const table of new Set([tableOf(builder, { subnetId: subnet.id, vpcId })])) {
    if (own === undefined || random.chance(0.15)) continue;
    await attempt(builder, (tx) => setRoute(tx, table, own, { kind: 'transit-gateway', id }));
  }
  const instance = all(builder, 'instance').at(-1)!;
  return cloud.model.first('network-interface', 'instance', instance.id)?.addresses[0]?.address;
}

/** Whether its ACL lets pass GRE, too. */
function passesEverything({ cloud: { model } }: Builder, { id }: Subnet): boolean {
  const association = model.first('network-acl-association', 'subnet', id);
  const entries = model.get('network-acl', association?.networkAclId ?? '')?.entries ?? [];
  return [true, false].every((egress) =>
    entries.some(
      (entry) => entry.egress === egress && entry.action === 'allow' && entry.protocol === -1,
    ),
  );
}

/** Mostly one that lets everybody in; else one that lets in no GRE, or sends none. */
async function applianceGroup(builder: Builder, { vpcId }: Subnet): Promise<string> {
  const { random, cloud } = builder;
  const known = cloud.model.by('security-group', 'vpc', vpcId);
  const open = known.find(({ groupName }) => groupName === 'open')?.id ?? '';
  if (random.chance(0.75)) return open;
  const vpc = cloud.model.get('vpc', vpcId)!;
  const groupId = await group(builder, vpc, `appliance ${known.length}`);
  const peer = { kind: 'cidr', cidr: block('0.0.0.0/0') } as const;
  const traffic = { protocol: 6, ports: { from: 0, to: 65535 } };
  await attempt(builder, (tx) => addRule(tx, { groupId, egress: false, traffic, peer }));
  return groupId;
}
