import { describe, expect, it } from 'vitest';
import {
  DEFAULT_VPC_ATTACHMENT_OPTIONS,
  type VpcAttachment,
} from '../model/transit-gateway/attachment.ts';
import { DEFAULT_TRANSIT_GATEWAY_OPTIONS } from '../model/transit-gateway/transit-gateway.ts';
import type { Vpc } from '../model/vpc/vpc.ts';
import { formatIp } from '../net/ip.ts';
import { recordsOf } from './resolver-names.ts';
import { TestNetwork } from './test-network.ts';

const PUBLIC_NAME = 'ec2-198-51-100-7.compute-1.amazonaws.com';

interface Support {
  readonly gateway?: boolean;
  readonly asker?: boolean;
  readonly owner?: boolean;
}

/** Two VPCs on one gateway; the owner's host 10.1.0.5 has the public address 198.51.100.7. */
function made({ gateway = true, asker = true, owner = true }: Support = {}) {
  const network = new TestNetwork();
  const vpcs = {
    asker: network.vpc('asker', '10.0.0.0/16'),
    owner: network.vpc('owner', '10.1.0.0/16'),
  };
  const addresses = ['10.1.0.5'];
  const publicAddress = '198.51.100.7';
  network.host({ id: 'h', vpc: vpcs.owner, addresses, publicAddress, instance: {} });
  addGateway(network, 'tgw-1', gateway);
  attach(network, 'tgw-1', vpcs.asker, asker);
  attach(network, 'tgw-1', vpcs.owner, owner);
  return { network, ...vpcs };
}

function addGateway(network: TestNetwork, id: string, dnsSupport: boolean): void {
  network.put('transit-gateway', {
    ...{ id, account: '111111111111', region: 'us-east-1' },
    state: 'available',
    description: '',
    creationTime: 0,
    options: { ...DEFAULT_TRANSIT_GATEWAY_OPTIONS, dnsSupport },
  });
}

function attach(
  network: TestNetwork,
  transitGatewayId: string,
  { id: vpcId, account, region }: Vpc,
  dnsSupport: boolean,
  state: VpcAttachment['state'] = 'available',
): void {
  network.put('transit-gateway-attachment', {
    ...{ id: `tgw-attach-${vpcId}`, account, region, transitGatewayId, vpcId, state },
    transitGatewayOwnerId: account,
    creationTime: 0,
    resourceType: 'vpc',
    subnets: [],
    options: { ...DEFAULT_VPC_ATTACHMENT_OPTIONS, dnsSupport },
  });
}

function ask({ network, asker }: { network: TestNetwork; asker: Vpc }): string | undefined {
  const [record] = recordsOf(network.model, asker, PUBLIC_NAME) ?? [];
  return record && 'address' in record ? formatIp(record.address) : undefined;
}

describe('a public name of another VPC of the gateway', () => {
  it('C-041 gives the private address', () => {
    expect(ask(made())).toBe('10.1.0.5');
  });

  it.each(['gateway', 'asker', 'owner'] as const)('C-041 not without the %s’s support', (off) => {
    expect(ask(made({ [off]: false }))).toBe('198.51.100.7');
  });

  it('C-041 not over an attachment that carries nothing', () => {
    const { network, asker, owner } = made();
    attach(network, 'tgw-1', owner, true, 'pending');
    expect(ask({ network, asker })).toBe('198.51.100.7');
  });

  it('C-042 not over two gateways, peered or not', () => {
    const { network, asker, owner } = made();
    addGateway(network, 'tgw-2', true);
    attach(network, 'tgw-2', owner, true);
    expect(ask({ network, asker })).toBe('198.51.100.7');
  });

  it('A-104 not while the VPC that asks has DNS hostnames off', () => {
    const { network, asker } = made();
    const plain = network.put('vpc', { ...asker, enableDnsHostnames: false });
    expect(ask({ network, asker: plain })).toBe('198.51.100.7');
  });
});
