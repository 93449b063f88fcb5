import { createHash } from 'node:crypto';

/** A digest of what a request says, whatever the order in which its members were read. */
export function digestOf(input: object): string {
  return createHash('sha256').update(sortedJson(input)).digest('hex');
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
