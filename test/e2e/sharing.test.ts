/** A prefix list shared between two accounts, with the tools that people have. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAwsCli } from '../../src/cli/aws-cli.ts';
import { openvpc, run, type ServerProcess, startServer } from '../support/server-process.ts';

/** For a slow machine: each call starts a CLI. */
const MINUTES = 5 * 60_000;

let server: ServerProcess;
beforeAll(async () => {
  // Signed requests are looked at too: RAM has paths, JSON bodies and queries of its own.
  const keys = ['111111111111:test', '222222222222:test'].join(',');
  const sigv4 = ['--sigv4', 'enforce', '--sigv4-keys', keys];
  server = await startServer(['--ephemeral', '--log-level', 'error', ...sigv4]);
});
afterAll(() => server.stop());

/** The distribution's AWS CLI before any other. */
const PATH = `/usr/bin:${process.env.PATH}`;

/** A call as one account: what it prints, or its error. */
async function aws(account: string, line: string): Promise<string> {
  const env = { PATH, OPENVPC_ENDPOINT: server.url };
  const args = ['aws', '--account', account, ...line.split(' '), '--output', 'text'];
  const { code, stdout, stderr } = await openvpc(args, { env });
  return code === 0 ? stdout.trim() : stderr.trim();
}

describe("AWS's command line", () => {
  it.skipIf(findAwsCli({ PATH }) === undefined)(
    'shares a prefix list, and stops (needs the AWS CLI)',
    async () => {
      const owner = (line: string) => aws('111111111111', line);
      const other = (line: string) => aws('222222222222', line);
      const list = await owner(
        'ec2 create-managed-prefix-list --prefix-list-name a --address-family IPv4 ' +
          '--max-entries 5 --entries Cidr=192.0.2.0/24 --query PrefixList.PrefixListArn',
      );
      const id = list.split('/')[1]!;
      const share = await owner(
        `ram create-resource-share --name lists --resource-arns ${list} ` +
          '--principals 222222222222 --query resourceShare.resourceShareArn',
      );
      expect(share).toMatch(/^arn:aws:ram:us-east-1:111111111111:resource-share\/[0-9a-f-]{36}$/);
      const look = `ec2 describe-managed-prefix-lists --prefix-list-ids ${id}`;
      expect(await other(look)).toContain('InvalidPrefixListID.NotFound');
      const invitation = await other(
        'ram get-resource-share-invitations ' +
          '--query resourceShareInvitations[].resourceShareInvitationArn',
      );
      const answer = `--resource-share-invitation-arn ${invitation}`;
      const accept = `ram accept-resource-share-invitation ${answer}`;
      expect(await other(`${accept} --query resourceShareInvitation.status`)).toBe('ACCEPTED');
      expect(await other(accept)).toContain('ResourceShareInvitationAlreadyAcceptedException');
      const shown = `${look} --query PrefixLists[].OwnerId`;
      await expect.poll(() => other(shown), { timeout: 60_000 }).toBe('111111111111');
      expect(
        await other('ram list-resources --resource-owner OTHER-ACCOUNTS --query resources[].arn'),
      ).toBe(list);
      const remove = `ram delete-resource-share --resource-share-arn ${share}`;
      expect(await other(remove)).toContain('OperationNotPermittedException');
      expect(await owner(`${remove} --query returnValue`)).toBe('True');
      expect(await other(look)).toContain('InvalidPrefixListID.NotFound');
      expect(await owner('ram list-permission-versions --permission-arn x')).toContain(
        'UnsupportedOperation',
      );
    },
    MINUTES,
  );
});

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import boto3']).status === 0,
);

const SCRIPT = `
import boto3, time
def ram(account):
    return boto3.client("ram", aws_access_key_id=account, aws_secret_access_key="test")
owner, other = ram("111111111111"), ram("222222222222")
names = [f"share {n} é" for n in range(5)]
arns = [owner.create_resource_share(name=name, principals=["222222222222"], tags=[
    {"key": "a b", "value": "+/="}])["resourceShare"]["resourceShareArn"] for name in names]
pages = owner.get_paginator("get_resource_shares").paginate(
    resourceOwner="SELF", resourceShareStatus="ACTIVE", PaginationConfig={"PageSize": 2})
shares = [share for page in pages for share in page["resourceShares"]]
assert [share["name"] for share in shares] == names, shares
assert abs(shares[0]["creationTime"].timestamp() - time.time()) < 600, shares[0]
for invitation in other.get_resource_share_invitations()["resourceShareInvitations"]:
    arn = invitation["resourceShareInvitationArn"]
    if invitation["status"] == "PENDING":
        other.accept_resource_share_invitation(resourceShareInvitationArn=arn)
joined = other.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
assert len(joined) == 5, joined
try:
    owner.update_resource_share(resourceShareArn="x", name="y")
except owner.exceptions.MalformedArnException as error:
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, error
for arn in arns:
    assert owner.delete_resource_share(resourceShareArn=arn, clientToken=arn[-36:] + " +")["returnValue"]
print("done")
`;

describe('boto3', () => {
  it.skipIf(python === undefined)('pages, joins and sees errors (needs boto3)', async () => {
    const env = {
      AWS_ENDPOINT_URL: server.url,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_MAX_ATTEMPTS: '1',
    };
    const { code, stdout, stderr } = await run(python!, ['-c', SCRIPT], { env });
    expect([stderr, stdout, code]).toEqual(['', 'done\n', 0]);
  });
});
