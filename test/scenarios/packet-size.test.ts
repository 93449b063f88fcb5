import { describe, expect, it } from 'vitest';
import { allowIn, newGateway, newGroup, newHost, newScene, newSubnet, tcp } from './scene.ts';

const HEADERS = 20 + 8 + 'openvpc?'.length;

describe('packet sizes', () => {
  it('A-108 9001 bytes inside a VPC', async () => {
    const scene = await newScene();
    const vpc = await scene.vpc('10.0.0.0/16');
    const a = await newHost(await newSubnet(vpc, '10.0.1.0/24'));
    const b = await newHost(await newSubnet(vpc, '10.0.2.0/24'));
    const ping = { from: a.id, to: b.id, dontFragment: true };
    expect(scene.fate({ ...ping, size: 9001 - HEADERS })).toBe('reachable');
    expect(scene.fate({ ...ping, size: 9002 - HEADERS })).toBe(`MTU_EXCEEDED at ${a.eni}`);
    expect(scene.fate({ ...ping, size: 20_000, dontFragment: false })).toBe('reachable');
  });

  it('A-108 1500 bytes through an internet gateway, in pieces unless that is forbidden', async () => {
    const scene = await newScene();
    const vpc = await scene.vpc('10.0.0.0/16');
    const gateway = await newGateway(vpc);
    const subnet = await newSubnet(vpc, '10.0.1.0/24');
    const { id } = await newHost(subnet, { publicAddress: true });
    const ping = { from: id, to: '8.8.8.8', dontFragment: true };
    expect(scene.fate({ ...ping, size: 1500 - HEADERS })).toBe('reachable');
    expect(scene.fate({ ...ping, size: 1501 - HEADERS })).toBe(`MTU_EXCEEDED at ${gateway}`);
    expect(scene.fate({ ...ping, size: 1501, dontFragment: false })).toBe('reachable');
  });

  it('A-109 TCP finds the path’s MTU if ICMP type 3 code 4 is let in', async () => {
    const scene = await newScene();
    const vpc = await scene.vpc('10.0.0.0/16');
    const gateway = await newGateway(vpc);
    const subnet = await newSubnet(vpc, '10.0.1.0/24');
    const group = await newGroup(vpc, 'web');
    await allowIn(vpc, group, tcp(443));
    const a = await newHost(subnet, { publicAddress: true, groups: [group] });
    const b = await newHost(subnet, { publicAddress: true });
    // Both think that 9001 bytes pass; their gateway carries 1500.
    const big = { from: a.id, to: b.publicAddress, protocol: 'tcp', size: 4000 } as const;
    expect(scene.fate(big)).toBe(`MTU_EXCEEDED at ${gateway}`);
    const tooBig = { IpProtocol: 'icmp', FromPort: 3, ToPort: 4 };
    await allowIn(vpc, group, { ...tooBig, IpRanges: [{ CidrIp: '10.0.0.0/16' }] });
    expect(scene.fate(big)).toBe('reachable');
  });
});
