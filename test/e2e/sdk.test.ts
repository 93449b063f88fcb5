import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  EC2,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  waitUntilVpcAvailable,
  waitUntilVpcPeeringConnectionDeleted,
  waitUntilVpcPeeringConnectionExists,
} from '@aws-sdk/client-ec2';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type ServerProcess, startServer } from '../support/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(['--ephemeral', '--quotas', 'off', '--log-level', 'error']);
});
afterAll(() => server.stop());

const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
const ec2 = (region = 'us-east-1') => new EC2({ endpoint: server.url, region, credentials });
const waiting = (client: EC2) => ({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 });

describe("AWS's SDK for JavaScript", () => {
  it('waits for instances to run, stop and end', async () => {
    const client = ec2();
    const { Subnets } = await client.describeSubnets({});
    const { Instances } = await client.runInstances({
      ImageId: 'ami-12345678',
      MinCount: 2,
      MaxCount: 2,
      SubnetId: Subnets![0]!.SubnetId!,
    });
    const InstanceIds = Instances!.map(({ InstanceId }) => InstanceId!);
    const waiter = waiting(client);
    expect((await waitUntilInstanceRunning(waiter, { InstanceIds })).state).toBe('SUCCESS');
    await client.stopInstances({ InstanceIds });
    expect((await waitUntilInstanceStopped(waiter, { InstanceIds })).state).toBe('SUCCESS');
    await client.terminateInstances({ InstanceIds });
    expect((await waitUntilInstanceTerminated(waiter, { InstanceIds })).state).toBe('SUCCESS');
  });

  it('waits for a peering to exist and to be gone', async () => {
    const client = ec2('eu-west-1');
    const blocks = ['10.0.0.0/16', '10.1.0.0/16'];
    const made = await Promise.all(blocks.map((CidrBlock) => client.createVpc({ CidrBlock })));
    const VpcIds = made.map(({ Vpc }) => Vpc!.VpcId!);
    const waiter = waiting(client);
    expect((await waitUntilVpcAvailable(waiter, { VpcIds })).state).toBe('SUCCESS');
    const { VpcPeeringConnection } = await client.createVpcPeeringConnection({
      VpcId: VpcIds[0]!,
      PeerVpcId: VpcIds[1]!,
    });
    const id = VpcPeeringConnection!.VpcPeeringConnectionId!;
    const asked = { VpcPeeringConnectionIds: [id] };
    expect((await waitUntilVpcPeeringConnectionExists(waiter, asked)).state).toBe('SUCCESS');
    const status = async () => {
      const { VpcPeeringConnections } = await client.describeVpcPeeringConnections(asked);
      return VpcPeeringConnections![0]!.Status!.Code;
    };
    await expect.poll(status).toBe('pending-acceptance');
    await client.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await expect.poll(status).toBe('active');
    await client.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect((await waitUntilVpcPeeringConnectionDeleted(waiter, asked)).state).toBe('SUCCESS');
  });

  it('pages through what there is', async () => {
    const client = ec2('ap-south-1');
    for (let index = 0; index < 11; index++) {
      await client.createVpc({ CidrBlock: `10.${index}.0.0/16` });
    }
    const sizes: number[] = [];
    const ids = new Set<string>();
    for await (const { Vpcs } of paginateDescribeVpcs({ client, pageSize: 5 }, {})) {
      sizes.push(Vpcs!.length);
      for (const { VpcId } of Vpcs!) ids.add(VpcId!);
    }
    expect([sizes, ids.size]).toEqual([[5, 5, 2], 12]);
    const zones = [];
    for await (const { Subnets } of paginateDescribeSubnets({ client, pageSize: 5 }, {})) {
      zones.push(...Subnets!.map(({ AvailabilityZone }) => AvailabilityZone));
    }
    expect(zones).toEqual(['ap-south-1a', 'ap-south-1b', 'ap-south-1c']);
  });

  it('works in the account of a role it assumes', async () => {
    const sts = new STS({ endpoint: server.url, region: 'us-east-1', credentials });
    const { Credentials } = await sts.assumeRole({
      RoleArn: 'arn:aws:iam::222222222222:role/network',
      RoleSessionName: 'test',
    });
    const assumed = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    const client = new EC2({ endpoint: server.url, region: 'us-east-1', credentials: assumed });
    const { Vpcs } = await client.describeVpcs({});
    expect(Vpcs).toMatchObject([{ OwnerId: '222222222222', IsDefault: true }]);
  });

  it('keeps many calls under way at once', async () => {
    const client = ec2('us-west-2');
    const calls = Array.from({ length: 100 }, () => client.createVpc({ CidrBlock: '10.0.0.0/16' }));
    const ids = (await Promise.all(calls)).map(({ Vpc }) => Vpc!.VpcId!);
    expect(new Set(ids).size).toBe(100);
    const { Vpcs } = await client.describeVpcs({ VpcIds: ids });
    expect(Vpcs).toHaveLength(100);
  });
});

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import boto3']).status === 0,
);

const SCRIPT = `
import boto3, os, sys
# Older ones do not hear AWS_ENDPOINT_URL, and would call the real AWS.
here = {"endpoint_url": os.environ["AWS_ENDPOINT_URL"]}
ec2 = boto3.client("ec2", **here)
often = {"Delay": 1, "MaxAttempts": 10}
vpcs = [ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in range(3)]
ec2.get_waiter("vpc_available").wait(VpcIds=vpcs, WaiterConfig=often)
subnet = ec2.create_subnet(VpcId=vpcs[0], CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
ec2.get_waiter("subnet_available").wait(SubnetIds=[subnet], WaiterConfig=often)
run = ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=subnet)
instance = run["Instances"][0]["InstanceId"]
ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig=often)
pages = ec2.get_paginator("describe_vpcs").paginate(PaginationConfig={"PageSize": 5})
found = [vpc["VpcId"] for page in pages for vpc in page["Vpcs"]]
assert set(vpcs) <= set(found), found
vpc = boto3.resource("ec2", **here).Vpc(vpcs[0])
assert [one.id for one in vpc.subnets.all()] == [subnet]
try:
    ec2.delete_vpc(VpcId=vpcs[0])
    sys.exit("a VPC with a subnet was deleted")
except ec2.exceptions.ClientError as error:
    assert error.response["Error"]["Code"] == "DependencyViolation", error
print(boto3.client("sts", **here).get_caller_identity()["Account"])
`;

describe('boto3', () => {
  const boto3 = (script: readonly string[]) =>
    run(python!, script, {
      env: {
        AWS_ENDPOINT_URL: server.url,
        AWS_ACCESS_KEY_ID: '333333333333',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_MAX_ATTEMPTS: '1',
      },
    });

  it.skipIf(python === undefined)('waits, pages and sees errors (needs boto3)', async () => {
    const { code, stdout, stderr } = await boto3(['-c', SCRIPT]);
    expect([stderr, stdout, code]).toEqual(['', '333333333333\n', 0]);
  });

  it.skipIf(python === undefined)('waits for transit gateways (needs boto3)', async () => {
    const script = join(import.meta.dirname, 'transit-gateway.py');
    const { code, stdout, stderr } = await boto3([script]);
    expect([stderr, stdout, code]).toEqual(['', 'InvalidTransitGatewayID.NotFound\n', 0]);
  });
});
