/** Resource shares made through the API, for tests of what they give to others. */
import type { RAM } from '@aws-sdk/client-ram';
import { ACCOUNT, OTHER_ACCOUNT, REGION, type TestCloud } from './test-cloud.ts';

export function listArn(id: string, account = ACCOUNT, region = REGION): string {
  return `arn:aws:ec2:${region}:${account}:prefix-list/${id}`;
}

export function gatewayArn(id: string, account = ACCOUNT, region = REGION): string {
  return `arn:aws:ec2:${region}:${account}:transit-gateway/${id}`;
}

/** An ARN of the right shape that nothing has. */
export const NO_SHARE = `arn:aws:ram:${REGION}:${ACCOUNT}:resource-share/00000000-0000-4000-8000-000000000000`;
export const NO_INVITATION = NO_SHARE.replace('resource-share', 'resource-share-invitation');

interface Sharing {
  readonly name?: string;
  readonly resourceArns?: string[];
  readonly principals?: string[];
}

/** Makes a share and answers its ARN. */
export async function makeShare(ram: RAM, sharing: Sharing = {}): Promise<string> {
  const { resourceShare } = await ram.createResourceShare({ name: 'test', ...sharing });
  return resourceShare!.resourceShareArn!;
}

/** The ARN of the invitation to a share that an account has not answered yet. */
export async function pendingInvitation(ram: RAM, shareArn: string): Promise<string> {
  const { resourceShareInvitations } = await ram.getResourceShareInvitations({
    resourceShareArns: [shareArn],
  });
  const pending = resourceShareInvitations!.filter(({ status }) => status === 'PENDING');
  return pending[0]!.resourceShareInvitationArn!;
}

/** Accepts the invitation to a share that waits for an account. */
export async function join(ram: RAM, shareArn: string): Promise<void> {
  const resourceShareInvitationArn = await pendingInvitation(ram, shareArn);
  await ram.acceptResourceShareInvitation({ resourceShareInvitationArn });
}

/** Shares prefix lists of ACCOUNT with OTHER_ACCOUNT, which accepts; answers the share's ARN. */
export function shareLists(cloud: TestCloud, ...ids: string[]): Promise<string> {
  return shareAll(
    cloud,
    ids.map((id) => listArn(id)),
  );
}

/** As `shareLists`, transit gateways. */
export function shareGateways(cloud: TestCloud, ...ids: string[]): Promise<string> {
  return shareAll(
    cloud,
    ids.map((id) => gatewayArn(id)),
  );
}

async function shareAll(cloud: TestCloud, resourceArns: string[]): Promise<string> {
  const share = await makeShare(cloud.ram(), { resourceArns, principals: [OTHER_ACCOUNT] });
  await join(cloud.ram(OTHER_ACCOUNT), share);
  return share;
}

/** The status of each association of a share, by what is associated. */
export async function statusesOf(ram: RAM, shareArn: string): Promise<Record<string, string>> {
  const found = await Promise.all(
    (['PRINCIPAL', 'RESOURCE'] as const).map((associationType) =>
      ram.getResourceShareAssociations({ associationType, resourceShareArns: [shareArn] }),
    ),
  );
  return Object.fromEntries(
    found
      .flatMap(({ resourceShareAssociations }) => resourceShareAssociations!)
      .map(({ associatedEntity, status }) => [associatedEntity!, status!]),
  );
}
