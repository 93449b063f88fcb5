/** Which tables and gateways changes give something else to tell their BGP peers. */
import { findLink } from '../../model/hybrid/link.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Change } from '../../model/schema.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';

/** What may be told otherwise now: of one source some prefixes, or anything. */
export class ChangedSources {
  readonly #reader: ModelReader;
  /** By the table or attachment that has the routes: most tables of an attachment tell nobody. */
  readonly #prefixes = new Map<string, Map<string, Cidr>>();
  readonly #whole = new Set<string>();
  /** What all sessions of a source are told. */
  readonly #asked = new Map<string, readonly Cidr[]>();

  constructor(reader: ModelReader, changes: readonly Change[]) {
    this.#reader = reader;
    for (const change of changes) this.#note(change);
  }

  /** Undefined: all; empty: nothing. `source` is as `advertisementSource` has it. */
  prefixesOf(source: string): readonly Cidr[] | undefined {
    if (this.#whole.has(source)) return undefined;
    const known = this.#asked.get(source) ?? this.#collect(source);
    this.#asked.set(source, known);
    return known;
  }

  #collect(source: string): readonly Cidr[] {
    const prefixes = new Map(this.#prefixes.get(source));
    for (const [id, learned] of this.#prefixes) {
      if (!tablesOf(this.#reader, id).includes(source)) continue;
      for (const [text, prefix] of learned) prefixes.set(text, prefix);
    }
    return [...prefixes.values()];
  }

  #note({ kind, id, before, after }: Change): void {
    switch (kind) {
      case 'transit-gateway-route': {
        const { routeTableId, destination } = (after ?? before)!;
        this.#prefix(routeTableId, destination);
        return;
      }
      case 'transit-gateway-learned-route': {
        const { attachmentId, destination } = (after ?? before)!;
        this.#prefix(attachmentId, destination);
        return;
      }
      case 'transit-gateway-route-table-propagation':
      case 'transit-gateway-prefix-list-reference':
        this.#whole.add((after ?? before)!.routeTableId);
        return;
      case 'prefix-list':
        for (const { routeTableId } of this.#reader.by(
          'transit-gateway-prefix-list-reference',
          'list',
          id,
        )) {
          this.#whole.add(routeTableId);
        }
        return;
      case 'transit-gateway-attachment':
        if (before?.state !== after?.state) this.#attachment(id);
        return;
      case 'learned-route':
      case 'bgp-session':
        this.#link((after ?? before)!.linkId);
        return;
      case 'vpn-connection':
        for (const record of [before, after]) this.#whole.add(record?.gateway?.id ?? '');
        return;
      case 'vpn-connection-route': {
        const { vpnConnectionId } = (after ?? before)!;
        this.#whole.add(this.#reader.get('vpn-connection', vpnConnectionId)?.gateway?.id ?? '');
        return;
      }
      case 'vpn-gateway':
        this.#vpnGateway(id);
        return;
      case 'vpc':
        for (const gateway of this.#reader.by('vpn-gateway', 'vpc', id)) {
          this.#vpnGateway(gateway.id);
        }
        return;
      case 'direct-connect-gateway-association':
        this.#whole.add((after ?? before)!.directConnectGatewayId);
    }
  }

  #prefix(owner: string, prefix: Cidr): void {
    const known = this.#prefixes.get(owner) ?? new Map<string, Cidr>();
    this.#prefixes.set(owner, known.set(formatCidr(prefix), prefix));
  }

  /** Routes and references that lead to it are black holes now, or are none any more. */
  #attachment(id: string): void {
    for (const { routeTableId } of this.#reader.by('transit-gateway-route', 'attachment', id)) {
      this.#whole.add(routeTableId);
    }
    const kind = 'transit-gateway-prefix-list-reference';
    for (const { routeTableId } of this.#reader.by(kind, 'attachment', id)) {
      this.#whole.add(routeTableId);
    }
    for (const tableId of tablesOf(this.#reader, id)) this.#whole.add(tableId);
  }

  /** A virtual private gateway tells what one of its links has learned to the others (H-050). */
  #link(linkId: string): void {
    const link = findLink(this.#reader, linkId);
    if (link?.kind === 'vpn-tunnel') this.#whole.add(vpnGatewayOf(link.connection.gateway));
    if (link?.kind === 'virtual-interface') {
      this.#whole.add(vpnGatewayOf(link.virtualInterface.gateway));
    }
  }

  #vpnGateway(id: string): void {
    this.#whole.add(id);
    for (const association of this.#reader.by(
      'direct-connect-gateway-association',
      'gateway',
      id,
    )) {
      this.#whole.add(association.directConnectGatewayId);
    }
  }
}

function vpnGatewayOf(gateway: { readonly kind: string; readonly id: string } | undefined): string {
  return gateway?.kind === 'vpn-gateway' ? gateway.id : '';
}

/** Those that an attachment propagates to, or has until now. */
function tablesOf(reader: ModelReader, attachmentId: string): readonly string[] {
  return reader
    .by('transit-gateway-route-table-propagation', 'attachment', attachmentId)
    .map(({ routeTableId }) => routeTableId);
}
