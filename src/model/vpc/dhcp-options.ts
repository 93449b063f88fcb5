import type { Owned } from '../resource.ts';

export interface DhcpOptions extends Owned {
  readonly configurations: readonly { readonly key: string; readonly values: readonly string[] }[];
}
