/** What a drawing has of each kind of resource. */
import type { ModelReader } from '../model/model.ts';
import type { Records } from '../model/schema.ts';

export interface TopologyResource {
  readonly id: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** The tag `Name` as its owner set it; Direct Connect has names of its own. */
  readonly name?: string;
  readonly state?: string;
  /** Blocks of VPCs and subnets, prefixes of sites. */
  readonly cidrs?: readonly string[];
  /** Of interfaces; an instance has its interfaces'. Of gateways, and hosts of sites. */
  readonly addresses?: readonly string[];
  readonly publicAddresses?: readonly string[];
  readonly zone?: string;
}

export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly type: 'in' | 'attached' | 'peers' | 'uses' | 'route' | 'link';
  /** Of routes. */
  readonly destination?: string;
  readonly state?: string;
  /** Of a VPN tunnel: AWS's outside address. */
  readonly address?: string;
}

export interface Drawing<R> {
  /** What questions and edges call it, where that is not its id. */
  readonly id?: (record: R) => string;
  readonly details: (record: R, reader: ModelReader) => Partial<TopologyResource>;
  readonly edges: (record: R, reader: ModelReader) => readonly TopologyEdge[];
}

/** Types a drawing by its kind. */
export function drawing<K extends keyof Records>(_kind: K, one: Drawing<Records[K]>) {
  return one;
}

export function attached(from: string, to: string | undefined): TopologyEdge[] {
  return to === undefined ? [] : [{ from, to, type: 'attached' }];
}
