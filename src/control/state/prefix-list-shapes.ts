/** Shapes of prefix lists. */
import { z } from 'zod';
import { PREFIX_LIST_ENTRIES } from '../../model/limits.ts';
import type { Records } from '../../model/schema.ts';
import { PREFIX_LIST_MACHINE } from '../../model/vpc/prefix-list.ts';
import { anyCidr, name, owned, text, whole } from './values.ts';

export const prefixList: z.ZodType<Records['prefix-list']> = z.strictObject({
  ...owned,
  name,
  family: z.literal([4, 6]),
  maxEntries: whole(PREFIX_LIST_ENTRIES),
  state: z.enum(PREFIX_LIST_MACHINE.states),
  stateMessage: text.exactOptional(),
  version: whole(),
  next: z
    .strictObject({
      version: whole().exactOptional(),
      maxEntries: whole(PREFIX_LIST_ENTRIES).exactOptional(),
    })
    .exactOptional(),
});

export const prefixListVersion: z.ZodType<Records['prefix-list-version']> = z.strictObject({
  id: name,
  prefixListId: name,
  version: whole(),
  entries: z
    .array(z.strictObject({ cidr: anyCidr, description: text.exactOptional() }))
    .max(PREFIX_LIST_ENTRIES),
});
