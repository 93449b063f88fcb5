/** A Direct Connect gateway between a transit interface and a transit gateway, with AWS's tools. */
import { DirectConnect } from '@aws-sdk/client-direct-connect';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAwsCli } from '../../src/cli/aws-cli.ts';
import { openvpc, type ServerProcess, startServer } from '../support/server-process.ts';

/** For a slow machine. */
const MINUTES = 5 * 60_000;

let server: ServerProcess;
beforeAll(async () => {
  const sigv4 = ['--sigv4', 'enforce', '--sigv4-keys', '111111111111:test'];
  server = await startServer(['--ephemeral', '--log-level', 'error', ...sigv4]);
});
afterAll(() => server.stop());

const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
const REGION = 'us-east-1';
const until = (read: () => Promise<string | undefined>) =>
  expect.poll(read, { timeout: 60_000, interval: 50 });

describe('Direct Connect with AWS’s tools', () => {
  it(
    'H-075 the SDK makes everything, waits until it is available, and deletes it',
    async () => {
      const dx = new DirectConnect({ endpoint: server.url, region: REGION, credentials });
      const ec2 = new EC2({ endpoint: server.url, region: REGION, credentials });
      const connectionRequest = { location: 'EqDC2', bandwidth: '1Gbps', connectionName: 'dc1' };
      const { connectionId = '' } = await dx.createConnection(connectionRequest);
      const { directConnectGateway } = await dx.createDirectConnectGateway({
        directConnectGatewayName: 'hub',
        amazonSideAsn: 64_600,
      });
      const directConnectGatewayId = directConnectGateway!.directConnectGatewayId!;
      const named = { directConnectGatewayId };
      const gatewayState = async () =>
        (await dx.describeDirectConnectGateways(named)).directConnectGateways![0]
          ?.directConnectGatewayState;
      await until(gatewayState).toBe('available');
      const { virtualInterface } = await dx.createTransitVirtualInterface({
        connectionId,
        newTransitVirtualInterface: {
          virtualInterfaceName: 'transit',
          vlan: 101,
          asn: 65_010,
          directConnectGatewayId,
        },
      });
      const virtualInterfaceId = virtualInterface!.virtualInterfaceId!;
      const interfaceState = async () =>
        (await dx.describeVirtualInterfaces({ virtualInterfaceId })).virtualInterfaces![0]
          ?.virtualInterfaceState;
      // Terraform waits for either; nobody stands at the other end.
      await until(interfaceState).toBe('down');
      const { TransitGateway } = await ec2.createTransitGateway({});
      const TransitGatewayId = TransitGateway!.TransitGatewayId!;
      const TransitGatewayIds = [TransitGatewayId];
      const transitState = async () =>
        (await ec2.describeTransitGateways({ TransitGatewayIds })).TransitGateways![0]!.State;
      await until(transitState).toBe('available');
      const { directConnectGatewayAssociation } = await dx.createDirectConnectGatewayAssociation({
        directConnectGatewayId,
        gatewayId: TransitGatewayId,
        addAllowedPrefixesToDirectConnectGateway: [{ cidr: '10.0.0.0/8' }],
      });
      const associationId = directConnectGatewayAssociation!.associationId!;
      const associationState = async () =>
        (await dx.describeDirectConnectGatewayAssociations({ associationId }))
          .directConnectGatewayAssociations![0]?.associationState;
      await until(associationState).toBe('associated');
      const attachmentState = async () =>
        (await ec2.describeTransitGatewayAttachments({})).TransitGatewayAttachments![0]!.State;
      await until(attachmentState).toBe('available');

      await dx.deleteDirectConnectGatewayAssociation({ associationId });
      await until(associationState).toBeUndefined();
      await until(attachmentState).toBe('deleted');
      await ec2.deleteTransitGateway({ TransitGatewayId });
      await dx.deleteVirtualInterface({ virtualInterfaceId });
      await until(interfaceState).toBe('deleted');
      await dx.deleteDirectConnectGateway(named);
      await until(gatewayState).toBeUndefined();
      const { connectionState } = await dx.deleteConnection({ connectionId });
      expect(connectionState).toBe('deleting');
    },
    MINUTES,
  );

  /** The distribution's AWS CLI before any other. */
  const PATH = `/usr/bin:${process.env.PATH}`;

  it.skipIf(findAwsCli({ PATH }) === undefined)(
    'H-076 the command line reads answers and refusals (needs the AWS CLI)',
    async () => {
      const aws = async (line: string) => {
        const env = { PATH, OPENVPC_ENDPOINT: server.url };
        const args = ['aws', '--account', '111111111111', ...line.split(' '), '--output', 'text'];
        const { code, stdout, stderr } = await openvpc(args, { env });
        return code === 0 ? stdout.trim() : stderr.trim();
      };
      const make = 'directconnect create-connection --bandwidth 1Gbps --connection-name a';
      const id = await aws(`${make} --location CSVA1 --query connectionId`);
      expect(id).toMatch(/^dxcon-[0-9a-f]{8}$/);
      const look = 'directconnect describe-connections --query connections[].location';
      expect(await aws(`${look} --connection-id ${id}`)).toBe('CSVA1');
      const refusal = await aws(`${look} --connection-id dxcon-00000000`);
      expect(refusal).toContain('(DirectConnectClientException)');
      expect(refusal).toContain('Could not find Connection with ID dxcon-00000000');
    },
    MINUTES,
  );
});
