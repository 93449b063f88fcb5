/**
 * What a simple implementation does with the same rules: groups, ACLs and routes as arrays, one
 * entry after the other. It decides and nothing else: no frame is rewritten, no flow remembered.
 */
import type { Endpoint } from '../../src/fabric/endpoint.ts';
import type { ModelReader } from '../../src/model/model.ts';
import type { NetworkAclEntry } from '../../src/model/vpc/network-acl.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Route } from '../../src/model/vpc/route-table.ts';
import type { SecurityGroupRule } from '../../src/model/vpc/security-group.ts';
import { containsIp } from '../../src/net/cidr.ts';
import { type Ipv4, ipv4 } from '../../src/net/ipv4.ts';

interface Place {
  readonly rules: readonly SecurityGroupRule[];
  readonly entries: readonly NetworkAclEntry[];
  readonly routes: readonly Route[];
}

/** Whether a TCP segment in IPv4 without options passes from one subnet to another. */
export function linearScan(model: ModelReader): (from: Endpoint, bytes: Uint8Array) => boolean {
  const senders = new Map<string, Place>();
  const receivers = new Map<Ipv4, Place>();
  for (const record of model.all('network-interface')) {
    const place = placeOf(model, record);
    senders.set(record.id, place);
    for (const { address } of record.addresses) receivers.set(address, place);
  }
  return (from, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const [source, destination] = [ipv4(view.getUint32(26)), ipv4(view.getUint32(30))];
    const port = view.getUint16(36);
    const sender = senders.get(from.kind === 'interface' ? from.id : '');
    const receiver = receivers.get(destination);
    if (sender === undefined || receiver === undefined) return false;
    return (
      groupAllows(sender, true, destination, port) &&
      aclAllows(sender, true, destination, port) &&
      longestRoute(sender, destination) !== undefined &&
      aclAllows(receiver, false, source, port) &&
      groupAllows(receiver, false, source, port)
    );
  };
}

function placeOf(model: ModelReader, { groupIds, subnetId, vpcId }: NetworkInterface): Place {
  const acl = model.first('network-acl-association', 'subnet', subnetId)!.networkAclId;
  const table = model.first('route-table-association', 'main', vpcId)!.routeTableId;
  const { entries } = model.get('network-acl', acl)!;
  return {
    rules: groupIds.flatMap((id) => model.by('security-group-rule', 'group', id)),
    entries: [...entries].sort((a, b) => a.ruleNumber - b.ruleNumber),
    routes: model.by('route', 'table', table),
  };
}

function groupAllows({ rules }: Place, egress: boolean, other: Ipv4, port: number): boolean {
  for (const { egress: outwards, peer, ports, protocol } of rules) {
    if (outwards !== egress || (protocol !== -1 && protocol !== 6)) continue;
    if (ports !== undefined && (port < ports.from || port > ports.to)) continue;
    if (peer.kind === 'cidr' && containsIp(peer.cidr, other)) return true;
  }
  return false;
}

function aclAllows({ entries }: Place, egress: boolean, other: Ipv4, port: number): boolean {
  for (const { egress: outwards, cidr, ports, protocol, action } of entries) {
    if (outwards !== egress || (protocol !== -1 && protocol !== 6)) continue;
    if (ports !== undefined && (port < ports.from || port > ports.to)) continue;
    if (containsIp(cidr, other)) return action === 'allow';
  }
  return false;
}

function longestRoute({ routes }: Place, destination: Ipv4): Route | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    if (best !== undefined && best.destination.length >= route.destination.length) continue;
    if (containsIp(route.destination, destination)) best = route;
  }
  return best;
}
