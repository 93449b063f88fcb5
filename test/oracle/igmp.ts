/** Who is in which group by IGMP: what hosts say gets to the domain, and its queries to them. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { formatIp, type Ip, ipEquals, parseIp } from '../../src/net/ip.ts';
import { placeOf } from './multicast.ts';
import { judgeByAcl } from './network-acl.ts';
import type { Packet } from './packet.ts';
import { judgeByGroups } from './security-group.ts';
import { firstAddress, instanceTag, isWorking, subnetOf, type World } from './world.ts';

const IGMP = 2;
const ip = (text: string) => parseIp(text)!;

/** Who may keep messages back. */
export type Judge = 'nobody' | 'ACLs' | 'ACLs and groups';

/**
 * Every membership by IGMP while nothing changes, `DOMAIN GROUP INTERFACE`, sorted (C-119, C-120,
 * C-123). With ACLs alone as judges, every one there may be: security groups remember flows.
 */
export function membershipsOf(world: World, judge: Judge): string[] {
  const found: string[] = [];
  for (const eni of world.model.all('network-interface')) {
    const domain = placeOf(world, eni)?.domain;
    if (!domain?.options.igmpv2Support) continue;
    for (const group of wantedBy(world, eni)) {
      if (isRegistered(world, domain.id, eni, group)) continue;
      if (!isAsked(world, eni, judge) || !isHeard(world, eni, group, judge)) continue;
      found.push(`${domain.id} ${formatIp(group)} ${eni.id}`);
    }
  }
  return found.sort();
}

/** The tag `openvpc:join` of a running instance, for its primary interface. */
function wantedBy(world: World, eni: NetworkInterface): Ip[] {
  if (!isWorking(world, eni) || eni.attachment?.deviceIndex !== 0) return [];
  const names = instanceTag(world, eni, 'openvpc:join')?.split(',') ?? [];
  return names.map((name) => parseIp(name.trim())).filter((group) => group !== undefined);
}

/** C-119: who is a member by a call is none by IGMP. */
function isRegistered(
  { model }: World,
  domainId: string,
  { id }: NetworkInterface,
  group: Ip,
): boolean {
  for (const one of model.all('transit-gateway-multicast-group-entry')) {
    if (one.domainId !== domainId || one.networkInterfaceId !== id) continue;
    if (one.role === 'member' && one.origin === 'static' && ipEquals(one.group, group)) return true;
  }
  return false;
}

/** C-120: queries come from 0.0.0.0 to 224.0.0.1. */
function isAsked(world: World, eni: NetworkInterface, judge: Judge): boolean {
  if (judge === 'nobody') return true;
  const query = igmp(ip('0.0.0.0'), ip('224.0.0.1'));
  if (judgeByAcl(world, subnetOf(world, eni), false, query)) return false;
  return judge === 'ACLs' || !judgeByGroups(world, eni, false, query);
}

/** A report goes to its group, from the host's own address. */
function isHeard(world: World, eni: NetworkInterface, group: Ip, judge: Judge): boolean {
  const source = firstAddress(eni, 4);
  if (source === undefined || judge === 'nobody') return source !== undefined;
  const report = igmp(source, group);
  if (judge === 'ACLs and groups' && judgeByGroups(world, eni, true, report)) return false;
  return judgeByAcl(world, subnetOf(world, eni), true, report) === undefined;
}

function igmp(source: Ip, destination: Ip): Packet {
  return {
    source,
    destination,
    protocol: IGMP,
    sourcePort: 0,
    port: 0,
    length: 32,
    mayFragment: false,
    inPieces: false,
    ttl: 1,
  };
}
