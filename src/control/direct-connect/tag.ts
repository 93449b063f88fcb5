/** Tags of Direct Connect's resources, which ARNs name. */
import { directConnectError } from '../../model/direct-connect/error.ts';
import { DIRECT_CONNECT_GATEWAY_REGION } from '../../model/direct-connect/gateway.ts';
import type { AwsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import type { Scope } from '../scope.ts';
import { putTags, removeTags, type Tags, tagsOf } from '../tags.ts';
import type { Transaction } from '../transaction.ts';

const KINDS = {
  dxcon: 'direct-connect-connection',
  dxlag: 'direct-connect-lag',
  dxvif: 'direct-connect-virtual-interface',
  'dx-gateway': 'direct-connect-gateway',
} as const;
type Taggable = (typeof KINDS)[keyof typeof KINDS];

/** `arn:aws:directconnect:us-east-1:111122223333:dxcon/dxcon-0a1b2c3d`; a gateway has no Region. */
const ARN = /^arn:aws:directconnect:([a-z0-9-]*):(\d{12}):(dxcon|dxlag|dxvif|dx-gateway)\/(.+)$/;

interface Tagged {
  readonly kind: Taggable;
  readonly owner: Owned;
}

/** @throws AwsError */
function findTagged(reader: ModelReader, scope: Scope, arn: string): Tagged {
  const [, region, account, type = 'dxcon', id = ''] = ARN.exec(arn) ?? [];
  const kind = KINDS[type as keyof typeof KINDS];
  const owner: Owned | undefined = reader.get(kind, id);
  // The ARN of a gateway is given with a Region at times.
  const place = kind === 'direct-connect-gateway' ? DIRECT_CONNECT_GATEWAY_REGION : region;
  const isOwn = owner?.account === account && account === scope.account && owner?.region === place;
  if (owner === undefined || !isOwn) throw noResource(arn);
  return { kind, owner };
}

function noResource(arn: string): AwsError {
  return directConnectError(`The resource ${arn} does not exist`);
}

/** @throws AwsError TooManyTagsException too */
export function tagResource(tx: Transaction, scope: Scope, arn: string, tags: Tags): void {
  const { kind, owner } = findTagged(tx, scope, arn);
  putTags(tx, owner, kind, owner.id, tags);
}

/** @throws AwsError */
export function untagResource(
  tx: Transaction,
  scope: Scope,
  arn: string,
  keys: readonly string[],
): void {
  const { owner } = findTagged(tx, scope, arn);
  removeTags(
    tx,
    owner,
    owner.id,
    keys.map((key) => ({ key })),
  );
}

/** @throws AwsError */
export function tagsAt(reader: ModelReader, scope: Scope, arn: string): Tags {
  const { owner } = findTagged(reader, scope, arn);
  return tagsOf(reader, owner, owner.id);
}
