/** What a drawing has of each kind of resource. */
import type { ModelReader } from '../model/model.ts';
import type { Records } from '../model/schema.ts';

export interface TopologyResource {
  readonly id: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** The tag `Name` as its owner set it. */
  readonly name?: string;
  readonly state?: string;
  /** Blocks of VPCs and subnets. */
  readonly cidrs?: readonly string[];
  /** Of interfaces; an instance has its interfaces'. */
  readonly addresses?: readonly string[];
  readonly publicAddresses?: readonly string[];
  readonly zone?: string;
}

export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly type: 'in' | 'attached' | 'peers' | 'uses' | 'route';
  /** Of routes. */
  readonly destination?: string;
  readonly state?: string;
}

export interface Drawing<R> {
  readonly details: (record: R) => Partial<TopologyResource>;
  readonly edges: (record: R, reader: ModelReader) => readonly TopologyEdge[];
}

/** Types a drawing by its kind. */
export function drawing<K extends keyof Records>(_kind: K, one: Drawing<Records[K]>) {
  return one;
}
