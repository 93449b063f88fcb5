/** Flows that go on while the rules change: frames sent by hand, not a question's exchange. */
import { describe, expect, it } from 'vitest';
import { tcpFrame } from '../../src/fabric/test-frames.ts';
import {
  ALL_OUT,
  allowIn,
  newAcl,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  type SceneHost,
  tcp,
} from './scene.ts';

const CLIENT_PORT = 50_000;
const SYN = 2;
const ACK = 16;

/** A client and a server, and whether a segment of their connection arrives. */
async function connection(allowed: string) {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16');
  const group = await newGroup(vpc, 'web');
  await allowIn(vpc, group, tcp(443, allowed));
  const servers = await newSubnet(vpc, '10.0.2.0/24');
  const client = await newHost(await newSubnet(vpc, '10.0.1.0/24'));
  const server = await newHost(servers, { groups: [group] });
  const carry = (from: SceneHost, to: SceneHost, sourcePort: number, port: number, flags = ACK) => {
    let arrived = false;
    const stop = scene.lab.capture(to.eni, () => {
      arrived = true;
    });
    const [source, destination] = [from.address, to.address];
    const frame = tcpFrame({ source, destination, sourcePort, port, flags });
    scene.lab.fabric.send({ kind: 'interface', id: from.eni }, frame);
    scene.lab.fabric.drain();
    stop();
    return arrived;
  };
  return {
    servers,
    forward: (flags?: number) => carry(client, server, CLIENT_PORT, 443, flags),
    back: () => carry(server, client, 443, CLIENT_PORT),
    removeRule: () => {
      const IpPermissions = [tcp(443, allowed)];
      return vpc.ec2.revokeSecurityGroupIngress({ GroupId: group, IpPermissions });
    },
  };
}

describe('a flow whose rule is removed', () => {
  it('A-073 goes on while it is tracked; only an ACL cuts it', async () => {
    const { servers, forward, back, removeRule } = await connection('10.0.1.0/24');
    expect([forward(SYN), back()]).toEqual([true, true]);
    await removeRule();
    expect([forward(), back()]).toEqual([true, true]);
    await newAcl(servers, [ALL_OUT]);
    expect([forward(), back()]).toEqual([false, true]);
  });

  it('A-072 is cut at once when it is not tracked', async () => {
    const { forward, back, removeRule } = await connection('0.0.0.0/0');
    expect([forward(SYN), back()]).toEqual([true, true]);
    await removeRule();
    expect(forward()).toBe(false);
  });

  it('A-068 a new one does not begin', async () => {
    const { forward, removeRule } = await connection('10.0.1.0/24');
    await removeRule();
    expect(forward(SYN)).toBe(false);
  });
});
