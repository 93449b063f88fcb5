import type { Scalar } from './model.ts';

/** The value of a scalar as a request spells it (G-005), or undefined where it is malformed. */
export function readScalar(type: Scalar, text: string): unknown {
  switch (type) {
    case 'string':
      return text;
    case 'integer':
      return readInteger(text);
    case 'double':
      return readDouble(text);
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase());
    case 'timestamp':
      return readTimestamp(text);
    case 'blob':
      return readBlob(text);
  }
}

/** What a malformed value should have been, to end a message with. */
export const EXPECTED: Readonly<Record<Scalar, string>> = {
  string: 'a string',
  integer: 'an integer',
  double: 'a number',
  boolean: 'true or false',
  timestamp: 'a date and time such as 2026-01-31T12:00:00Z',
  blob: 'base64',
};

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function readInteger(text: string): number | undefined {
  if (!/^[+-]?\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

function readDouble(text: string): number | undefined {
  if (!/^[+-]?\d{1,32}(\.\d{1,32})?([eE][+-]?\d{1,3})?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const TIMESTAMP = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function readTimestamp(text: string): Date | undefined {
  if (!TIMESTAMP.test(text)) return undefined;
  // A time without a zone is UTC, as everywhere at AWS.
  const zoned = /T.*(Z|[+-]\d\d:?\d\d)$|^[^T]*$/.test(text) ? text : `${text}Z`;
  const value = new Date(zoned);
  return Number.isNaN(value.getTime()) ? undefined : value;
}

function readBlob(text: string): Uint8Array | undefined {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return new Uint8Array(Buffer.from(compact, 'base64'));
}
