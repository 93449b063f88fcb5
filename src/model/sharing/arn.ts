/** Amazon Resource Names, by which RAM names what it shares and what it makes. */

/** Whose a resource is. */
interface Place {
  readonly account: string;
  readonly region: string;
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:TYPE/ID`, in its parts. */
export interface Arn extends Place {
  readonly service: string;
  readonly type: string;
  readonly id: string;
}

export function formatArn({ service, region, account, type, id }: Arn): string {
  return `arn:aws:${service}:${region}:${account}:${type}/${id}`;
}

// The account of what AWS itself owns is `aws`; global resources have no Region.
const ARN = /^arn:aws:([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws):([a-z0-9-]+)\/([\w/.-]{1,256})$/;

/** The parts of an ARN; undefined for any other text. */
export function parseArn(text: string): Arn | undefined {
  const parts = ARN.exec(text);
  if (parts === null) return undefined;
  const [, service = '', region = '', account = '', type = '', id = ''] = parts;
  return { service, region, account, type, id };
}

export type RamType = 'resource-share' | 'resource-share-invitation';

/** The name of something that RAM makes, which is its record's id. */
export function ramArn(type: RamType, { account, region }: Place, id: string): string {
  return formatArn({ service: 'ram', region, account, type, id });
}

/** Whether a text names such a thing, there or not. */
export function isRamArn(type: RamType, text: string): boolean {
  const arn = parseArn(text);
  return arn?.service === 'ram' && arn.type === type && UUID.test(arn.id);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
