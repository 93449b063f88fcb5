/** What an instance answers to (tag `openvpc:listen`), read in one place. */

import { tagSetId } from '../model/resource.ts';
import type { Network } from './compile/state.ts';

/** `all`, or exactly these TCP and UDP ports; ICMP echo is always answered. */
export type Listen = 'all' | readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[];

const LISTEN_TAG = 'openvpc:listen';

/** Parses `80/tcp,443/tcp,53/udp`; parts of another form are passed over. No tag: everything. */
export function parseListen(tag: string | undefined): Listen {
  if (tag === undefined) return 'all';
  return tag.split(',').flatMap((part) => {
    const match = /^\s*([0-9]{1,5})\/(tcp|udp)\s*$/.exec(part);
    const port = Number(match?.[1]);
    return match && port <= 65535 ? [{ protocol: match[2] as 'tcp' | 'udp', port }] : [];
  });
}

/** What the instance behind an interface answers to. */
export function listenOf({ model }: Network, interfaceId: string): Listen {
  const record = model.get('network-interface', interfaceId);
  if (record?.attachment === undefined) return 'all';
  const id = tagSetId(record.account, record.region, record.attachment.instanceId);
  return parseListen(model.get('tag-set', id)?.tags[LISTEN_TAG]);
}

export function listensOn(listen: Listen, protocol: 'tcp' | 'udp', port: number): boolean {
  return (
    listen === 'all' || listen.some((entry) => entry.protocol === protocol && entry.port === port)
  );
}
