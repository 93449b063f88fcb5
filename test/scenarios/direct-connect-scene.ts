/** The stage with Direct Connect: a connection, and sites behind virtual interfaces. */
import type { VirtualInterface } from '@aws-sdk/client-direct-connect';
import {
  lookAtInterface,
  makeConnection,
  makePrivate,
  makeTransit,
} from '../support/direct-connect-fixture.ts';
import { makeVpnGateway } from '../support/vpn-fixture.ts';
import {
  newHost,
  newScene,
  newSubnet,
  type Scene,
  type SceneHost,
  type SceneVpc,
} from './scene.ts';
import { knownAt, linksPassed, standUp } from './site-scene.ts';

export interface Spoke {
  readonly vpc: SceneVpc;
  readonly host: SceneHost;
  readonly vgw: string;
}

export interface DxSite {
  readonly name: string;
  readonly id: string;
  readonly links: readonly [string, string];
  readonly host: string;
  readonly place: string;
}

type Behind = { readonly virtualGatewayId: string } | { readonly directConnectGatewayId: string };

interface DxOptions {
  readonly prefixes?: readonly string[];
  readonly asn?: number;
  readonly mtu?: number;
  readonly type?: 'private' | 'transit';
}

export type DxScene = Awaited<ReturnType<typeof newDxScene>>;

export async function newDxScene(options: Parameters<typeof newScene>[0] = {}) {
  const scene = await newScene(options);
  const dx = scene.directConnect();
  const line = { dx, connectionId: await makeConnection(dx), vlan: 100 };
  return {
    scene,
    dx,
    spoke: (block: string, more: { readonly ipv6?: boolean } = {}) => newSpoke(scene, block, more),
    site: (name: string, behind: Behind, more: DxOptions = {}) =>
      newDxSite(scene, line, name, { ...more, behind }),
    told: (name: string) =>
      knownAt(scene, name)
        .map(({ destination, asPath }) => `${destination} ${asPath}`)
        .sort(),
    lookAt: async ({ id }: DxSite): Promise<VirtualInterface> => (await lookAtInterface(dx, id))!,
    waysTo: (from: string, to: string) => waysTo(scene, from, to),
  };
}

/** A VPC with a virtual private gateway, whose routes its main table takes. */
async function newSpoke(
  scene: Scene,
  block: string,
  options: { readonly ipv6?: boolean },
): Promise<Spoke> {
  const vpc = await scene.vpc(block, options);
  const host = await newHost(await newSubnet(vpc, block.replace('/16', '/24')));
  const vgw = await makeVpnGateway(vpc.ec2);
  await vpc.ec2.attachVpnGateway({ VpnGatewayId: vgw, VpcId: vpc.id });
  await vpc.ec2.enableVgwRoutePropagation({ RouteTableId: vpc.mainTable, GatewayId: vgw });
  return { vpc, host, vgw };
}

interface Line {
  readonly dx: ReturnType<Scene['directConnect']>;
  readonly connectionId: string;
  vlan: number;
}

/** A virtual interface, and a site that holds it up. */
async function newDxSite(
  scene: Scene,
  line: Line,
  name: string,
  { behind, ...options }: DxOptions & { readonly behind: Behind },
): Promise<DxSite> {
  const { prefixes = ['192.168.0.0/16'], asn = 65_010, mtu = 1500, type = 'private' } = options;
  line.vlan += 1;
  const { dx, connectionId, vlan } = line;
  const make = type === 'private' ? makePrivate : makeTransit;
  const { virtualInterfaceId } = await make(dx, connectionId, { ...behind, vlan, asn, mtu });
  const id = virtualInterfaceId!;
  const place = await standUp(scene, name, { kind: 'virtual-interface', id }, prefixes);
  return { name, id, links: [id, id], ...place };
}

/** The links that the packets of many flows leave AWS by. */
function waysTo(scene: Scene, from: string, to: string): string[] {
  const ways = Array.from({ length: 48 }, (_, index) =>
    linksPassed(scene, { from, to, sourcePort: 20_000 + index * 7 }),
  );
  return [...new Set(ways.flat())].sort();
}
