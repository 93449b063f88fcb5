/** What every resource of an account has. */
export interface Owned {
  readonly id: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** Tags of one resource as one account sees them in one Region (B-058). */
export interface TagSet {
  /** `ACCOUNT|REGION|RESOURCE` */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly resourceId: string;
  /** AWS's name of the resource's type, e.g. `vpc-peering-connection`. */
  readonly resourceType: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function tagSetId(account: string, region: string, resourceId: string): string {
  return `${account}|${region}|${resourceId}`;
}

/** Something that will happen at a time of the cloud's clock: states move on, requests expire. */
export interface Timer {
  readonly id: string;
  /** Milliseconds since the epoch, on the cloud's clock. */
  readonly at: number;
  /** Names a handler in control's table of timed events. */
  readonly event: string;
  /** The record it is about. */
  readonly target: string;
}

/** A client token and what it made (G-030). */
export interface IdempotencyRecord {
  /** `ACCOUNT|REGION|ACTION|TOKEN` */
  readonly id: string;
  /** Digest of the request's parameters. */
  readonly digest: string;
  readonly resourceId: string;
}

/** A temporary access key (sts:AssumeRole). */
export interface IssuedCredential {
  /** The access key id, ASIA… */
  readonly id: string;
  readonly account: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly arn: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiration: number;
}

/** Single values of the cloud as a whole: the clock's offset. */
export interface Setting {
  readonly id: string;
  readonly value: unknown;
}
