/** A transit gateway with any number of VPCs: two zones, two instances each, 20 route tables. */
import { createTransitGateway } from '../../src/control/transit-gateway/gateway.ts';
import { enablePropagation } from '../../src/control/transit-gateway/propagation.ts';
import { createTransitGatewayRouteTable } from '../../src/control/transit-gateway/route-table.ts';
import { createVpcAttachment } from '../../src/control/transit-gateway/vpc-attachment.ts';
import { createRoute } from '../../src/control/vpc/route.ts';
import { createSubnet } from '../../src/control/vpc/subnet.ts';
import { createVpc } from '../../src/control/vpc/vpc.ts';
import { DEFAULT_VPC_ATTACHMENT_OPTIONS } from '../../src/model/transit-gateway/attachment.ts';
import { DEFAULT_TRANSIT_GATEWAY_OPTIONS } from '../../src/model/transit-gateway/transit-gateway.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Cidr4, cidr } from '../../src/net/cidr.ts';
import { ipv4 } from '../../src/net/ipv4.ts';
import type { Lab } from '../../src/server/lab.ts';
import { addRule, block, launch } from '../../test/random/builder.ts';
import { SCOPE } from './lab.ts';

export const TABLES = 20;
const ZONES = ['use1-az1', 'use1-az2'];
const TEN = block('10.0.0.0/8');

export interface Spoke {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly routeTableId: string;
  /** One a zone. */
  readonly hosts: readonly NetworkInterface[];
}

export interface Hub {
  readonly lab: Lab;
  readonly transitGatewayId: string;
  /** The default table first. */
  readonly tableIds: readonly string[];
  readonly spokes: readonly Spoke[];
}

/** Every VPC is associated with the default table and propagates to it and to one other. */
export async function buildHub(lab: Lab, attachments: number): Promise<Hub> {
  const { cloud } = lab;
  const options = DEFAULT_TRANSIT_GATEWAY_OPTIONS;
  const request = { description: '', options, tags: {} };
  const { id } = await cloud.execute((tx) => createTransitGateway(tx, SCOPE, request));
  const tableIds = [
    cloud.model.get('transit-gateway', id)!.options.associationDefaultRouteTableId!,
  ];
  while (tableIds.length < TABLES) {
    const table = await cloud.execute((tx) => createTransitGatewayRouteTable(tx, SCOPE, id, {}));
    tableIds.push(table.id);
  }
  const spokes: Spoke[] = [];
  const hub = { lab, transitGatewayId: id, tableIds, spokes };
  for (let index = 0; index < attachments; index++) {
    const spoke = await addSpoke(lab, index);
    spokes.push(spoke);
    await attachSpoke(hub, spoke, [tableIds[1 + (index % (TABLES - 1))]!]);
    await cloud.execute((tx) => {
      const target = { kind: 'transit-gateway', id } as const;
      createRoute(tx, SCOPE, { routeTableId: spoke.routeTableId, destination: TEN, target });
    });
  }
  return hub;
}

/** 10.0.0.0/24 and what follows it. */
function spokeBlock(index: number, part = 0, length = 24): Cidr4 {
  return cidr(ipv4(0x0a00_0000 + index * 256 + part * 64), length);
}

/** A VPC with a subnet and an instance in each of two zones, all traffic let in. */
export async function addSpoke({ cloud }: Lab, index: number): Promise<Spoke> {
  const { id: vpcId } = await cloud.execute((tx) =>
    createVpc(tx, SCOPE, { cidr: spokeBlock(index) }),
  );
  const { model } = cloud;
  const [group] = model.by('security-group', 'vpc', vpcId);
  const subnets = await cloud.execute((tx) => {
    const peer = { kind: 'cidr', cidr: TEN } as const;
    addRule(tx, { groupId: group!.id, egress: false, traffic: { protocol: -1 }, peer });
    return ZONES.map((zoneId, part) =>
      createSubnet(tx, SCOPE, { vpcId, cidr: spokeBlock(index, part, 26), zone: { zoneId } }),
    );
  });
  await cloud.execute((tx) => {
    for (const subnet of subnets) launch(tx, { subnet, groupIds: [group!.id] });
  });
  return {
    vpcId,
    subnetIds: subnets.map(({ id }) => id),
    routeTableId: model.first('route-table-association', 'main', vpcId)!.routeTableId,
    hosts: subnets.map(({ id }) => model.first('network-interface', 'subnet', id)!),
  };
}

/** Attaches a VPC, which propagates to the default table, and has it propagate to others. */
export async function attachSpoke(
  { lab: { cloud }, transitGatewayId }: Pick<Hub, 'lab' | 'transitGatewayId'>,
  { vpcId, subnetIds }: Spoke,
  tableIds: readonly string[],
): Promise<string> {
  const options = DEFAULT_VPC_ATTACHMENT_OPTIONS;
  const request = { transitGatewayId, vpcId, subnetIds, options, tags: {} };
  const { id: attachmentId } = await cloud.execute((tx) => createVpcAttachment(tx, SCOPE, request));
  for (const routeTableId of tableIds) {
    await cloud.execute((tx) => enablePropagation(tx, SCOPE, { routeTableId, attachmentId }));
  }
  return attachmentId;
}
