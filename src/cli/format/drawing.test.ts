import { describe, expect, it } from 'vitest';
import type { Topology } from '../../server/topology.ts';
import { dotGraph } from './dot.ts';
import { mermaidGraph } from './mermaid.ts';

const owner = { account: '000000000000', region: 'us-east-1' };
const TOPOLOGY: Topology = {
  resources: [
    { id: 'vpc-1', type: 'vpc', name: 'the "shop"', cidrs: ['10.0.0.0/16'], ...owner },
    { id: 'vpc-2', type: 'vpc', cidrs: ['10.1.0.0/16'], ...owner },
    { id: 'subnet-1', type: 'subnet', cidrs: ['10.0.0.0/24'], ...owner },
    { id: 'eni-1', type: 'network-interface', addresses: ['10.0.0.4'], ...owner },
    { id: 'eni-2', type: 'network-interface', addresses: ['10.0.0.5'], ...owner },
    { id: 'i-1', type: 'instance', name: 'web', ...owner },
    { id: 'igw-1', type: 'internet-gateway', ...owner },
    { id: 'pcx-1', type: 'vpc-peering-connection', ...owner },
    { id: 'rtb-1', type: 'route-table', ...owner },
  ],
  edges: [
    { from: 'subnet-1', to: 'vpc-1', type: 'in' },
    { from: 'eni-1', to: 'subnet-1', type: 'in' },
    { from: 'eni-2', to: 'subnet-1', type: 'in' },
    { from: 'i-1', to: 'subnet-1', type: 'in' },
    { from: 'eni-1', to: 'i-1', type: 'attached' },
    { from: 'igw-1', to: 'vpc-1', type: 'attached' },
    { from: 'pcx-1', to: 'vpc-1', type: 'peers', state: 'pending-acceptance' },
    { from: 'pcx-1', to: 'vpc-2', type: 'peers', state: 'pending-acceptance' },
    { from: 'rtb-1', to: 'vpc-1', type: 'in' },
    { from: 'rtb-1', to: 'igw-1', type: 'route', destination: '0.0.0.0/0', state: 'active' },
  ],
};

describe('a drawing', () => {
  it('for Mermaid', () => {
    expect(`${mermaidGraph(TOPOLOGY)}\n`).toBe(`flowchart TB
  subgraph vpc_1["the #quot;shop#quot;<br/>vpc-1<br/>10.0.0.0/16"]
    subgraph subnet_1["subnet-1<br/>10.0.0.0/24"]
      eni_2["eni-2<br/>10.0.0.5"]
      i_1["web<br/>i-1<br/>10.0.0.4"]
    end
  end
  subgraph vpc_2["vpc-2<br/>10.1.0.0/16"]
  end
  igw_1(["igw-1"])
  pcx_1(["pcx-1"])
  igw_1 --- vpc_1
  pcx_1 -.-|pending-acceptance| vpc_1
  pcx_1 -.-|pending-acceptance| vpc_2
`);
  });

  it('for Graphviz', () => {
    expect(`${dotGraph(TOPOLOGY)}\n`).toBe(`graph openvpc {
  compound=true;
  node [shape=box];
  subgraph "cluster_vpc-1" {
    label="the \\"shop\\"\\nvpc-1\\n10.0.0.0/16";
    "vpc-1" [shape=point];
    subgraph "cluster_subnet-1" {
      label="subnet-1\\n10.0.0.0/24";
      "subnet-1" [shape=point];
      "eni-2" [label="eni-2\\n10.0.0.5"];
      "i-1" [label="web\\ni-1\\n10.0.0.4"];
    }
  }
  subgraph "cluster_vpc-2" {
    label="vpc-2\\n10.1.0.0/16";
    "vpc-2" [shape=point];
  }
  "igw-1" [label="igw-1", shape=oval];
  "pcx-1" [label="pcx-1", shape=oval];
  "igw-1" -- "vpc-1" [label=""];
  "pcx-1" -- "vpc-1" [label="pending-acceptance", style=dashed];
  "pcx-1" -- "vpc-2" [label="pending-acceptance", style=dashed];
}
`);
  });

  it('shows a VPN between its gateways', () => {
    const resources = [
      { id: 'vpc-1', type: 'vpc', ...owner },
      { id: 'vgw-1', type: 'vpn-gateway', ...owner },
      { id: 'cgw-1', type: 'customer-gateway', addresses: ['203.0.113.1'], ...owner },
      { id: 'vpn-1', type: 'vpn-connection', ...owner },
    ];
    const attached = 'attached' as const;
    const edges = [
      { from: 'vgw-1', to: 'vpc-1', type: attached },
      { from: 'vpn-1', to: 'cgw-1', type: attached },
      { from: 'vpn-1', to: 'vgw-1', type: attached },
    ];
    expect(`${mermaidGraph({ resources, edges })}\n`).toBe(`flowchart TB
  subgraph vpc_1["vpc-1"]
  end
  vgw_1(["vgw-1"])
  cgw_1(["cgw-1<br/>203.0.113.1"])
  vpn_1(["vpn-1"])
  vgw_1 --- vpc_1
  vpn_1 --- cgw_1
  vpn_1 --- vgw_1
`);
  });

  it('shows a site with its links, and which of them are down', () => {
    const resources = [
      { id: 'vpn-1', type: 'vpn-connection', ...owner },
      { id: 'dxvif-1', type: 'direct-connect-virtual-interface', name: 'line', ...owner },
      { id: 'site:dc.1', type: 'site', cidrs: ['10.9.0.0/16'], addresses: ['10.9.0.1'], ...owner },
    ];
    const link = { from: 'site:dc.1', type: 'link' } as const;
    const edges = [
      { ...link, to: 'vpn-1', address: '52.24.0.1', state: 'up' },
      { ...link, to: 'vpn-1', address: '52.24.0.2', state: 'down' },
      { ...link, to: 'dxvif-1', state: 'down' },
    ];
    expect(`${mermaidGraph({ resources, edges })}\n`).toBe(`flowchart TB
  vpn_1(["vpn-1"])
  dxvif_1(["line<br/>dxvif-1"])
  site__3adc__2e1(["site:dc.1<br/>10.9.0.0/16<br/>10.9.0.1"])
  site__3adc__2e1 ---|52.24.0.1| vpn_1
  site__3adc__2e1 -.-|52.24.0.2 down| vpn_1
  site__3adc__2e1 -.-|down| dxvif_1
`);
  });

  it('of nothing is empty', () => {
    const nothing = { resources: [], edges: [] };
    expect(mermaidGraph(nothing)).toBe('flowchart TB');
    expect(dotGraph(nothing)).toContain('graph openvpc {');
  });

  it('of a transit gateway: attachments join, tables are left out', () => {
    const attached = { type: 'attached', state: 'available' } as const;
    const topology: Topology = {
      resources: [
        { id: 'vpc-1', type: 'vpc', ...owner },
        { id: 'tgw-1', type: 'transit-gateway', ...owner },
        { id: 'tgw-attach-1', type: 'transit-gateway-attachment', ...owner },
        { id: 'tgw-attach-2', type: 'transit-gateway-attachment', ...owner },
        { id: 'tgw-rtb-1', type: 'transit-gateway-route-table', ...owner },
      ],
      edges: [
        { from: 'tgw-attach-1', to: 'tgw-1', ...attached },
        { from: 'tgw-attach-1', to: 'vpc-1', ...attached },
        { from: 'tgw-attach-2', to: 'tgw-1', type: 'peers', state: 'pendingAcceptance' },
        { from: 'tgw-attach-1', to: 'tgw-rtb-1', type: 'uses' },
        { from: 'tgw-rtb-1', to: 'tgw-1', type: 'in' },
        { from: 'tgw-rtb-1', to: 'tgw-attach-1', type: 'route', destination: '10.0.0.0/8' },
      ],
    };
    expect(`${mermaidGraph(topology)}\n`).toBe(`flowchart TB
  subgraph vpc_1["vpc-1"]
  end
  tgw_1(["tgw-1"])
  tgw_attach_1(["tgw-attach-1"])
  tgw_attach_2(["tgw-attach-2"])
  tgw_attach_1 --- tgw_1
  tgw_attach_1 --- vpc_1
  tgw_attach_2 -.-|pendingAcceptance| tgw_1
`);
  });
});
