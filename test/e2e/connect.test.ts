/** Transit Gateway Connect against a server: with AWS's own tools, and over a kill. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAwsCli } from '../../src/cli/aws-cli.ts';
import { addPeer, lookAtConnect, lookAtPeer, makeConnect } from '../support/connect-fixture.ts';
import { clientOf } from '../support/kill-rounds.ts';
import {
  openvpc,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

/** For a slow machine: each call starts a CLI. */
const MINUTES = 5 * 60_000;

const folder = temporaryFolder();
let server: ServerProcess;
const start = async () => {
  const flags = ['--data', folder, '--transitions', 'instant', '--log-level', 'error'];
  server = await startServer(flags);
};
beforeAll(start);
afterAll(async () => {
  await server.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The distribution's AWS CLI before any other. */
const PATH = `/usr/bin:${process.env.PATH}`;

/** A call: what it prints, or its error. */
async function aws(line: string): Promise<string> {
  const env = { PATH, OPENVPC_ENDPOINT: server.url };
  const args = ['aws', ...`ec2 ${line} --output text`.split(' ')];
  const { code, stdout, stderr } = await openvpc(args, { env });
  return code === 0 ? stdout.trim() : stderr.trim();
}

it.skipIf(findAwsCli({ PATH }) === undefined)(
  'C-089 H-085 the command line makes a peer and takes all away (needs the AWS CLI)',
  async () => {
    const gateway = await aws(
      'create-transit-gateway --options TransitGatewayCidrBlocks=10.200.0.0/24 ' +
        '--query TransitGateway.TransitGatewayId',
    );
    const vpc = await aws('create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId');
    const subnet = await aws(
      `create-subnet --vpc-id ${vpc} --cidr-block 10.0.0.0/24 --query Subnet.SubnetId`,
    );
    const transport = await aws(
      `create-transit-gateway-vpc-attachment --transit-gateway-id ${gateway} --vpc-id ${vpc} ` +
        `--subnet-ids ${subnet} --query TransitGatewayVpcAttachment.TransitGatewayAttachmentId`,
    );
    const connect = await aws(
      'create-transit-gateway-connect --options Protocol=gre ' +
        `--transport-transit-gateway-attachment-id ${transport} ` +
        '--query TransitGatewayConnect.TransitGatewayAttachmentId',
    );
    const peer = await aws(
      `create-transit-gateway-connect-peer --transit-gateway-attachment-id ${connect} ` +
        '--peer-address 10.0.0.10 --inside-cidr-blocks 169.254.6.0/29 ' +
        '--bgp-options PeerAsn=65010 ' +
        '--query TransitGatewayConnectPeer.TransitGatewayConnectPeerId',
    );
    expect(peer).toMatch(/^tgw-connect-peer-0[0-9a-f]{16}$/);
    const members = 'TransitGatewayAddress,PeerAddress,PeerAsn,BgpStatus';
    const sessions = `ConnectPeerConfiguration.BgpConfigurations[].[${members}]`;
    const shown = await aws(
      `describe-transit-gateway-connect-peers --transit-gateway-connect-peer-ids ${peer} ` +
        `--query TransitGatewayConnectPeers[].${sessions}`,
    );
    expect(shown.split('\n').map((line) => line.split('\t'))).toEqual([
      ['169.254.6.2', '169.254.6.1', '65010', 'down'],
      ['169.254.6.3', '169.254.6.1', '65010', 'down'],
    ]);
    const remove = `delete-transit-gateway-connect --transit-gateway-attachment-id ${connect}`;
    expect(await aws(remove)).toContain(`${connect} has non-deleted Connect peers: ${peer}`);
    await aws(
      `delete-transit-gateway-connect-peer --transit-gateway-connect-peer-id ${peer} --query a`,
    );
    const state = '--query TransitGatewayConnect.State';
    expect(await aws(`${remove} ${state}`)).toBe('deleting');
  },
  MINUTES,
);

describe("AWS's SDK for JavaScript", () => {
  it('C-098 finds what it was told of after SIGKILL', async () => {
    const before = clientOf(server.url);
    const { connect } = await makeConnect(before);
    const id = (await addPeer(before, connect)).TransitGatewayConnectPeerId!;
    const shown = [await lookAtConnect(before, connect), await lookAtPeer(before, id)];
    await server.stop('SIGKILL');
    await start();
    const after = clientOf(server.url);
    expect([await lookAtConnect(after, connect), await lookAtPeer(after, id)]).toEqual(shown);
    expect(shown).toMatchObject([{ State: 'available' }, { State: 'available' }]);
  });
});
