/** Calls to the server's AWS endpoint, in EC2's own words. */
import { CliError, EXIT } from '../exit.ts';

export type Parameters = Readonly<Record<string, string>>;
export type Query = (action: string, parameters: Parameters) => Promise<string>;

const VERSION = '2016-11-15';
// Servers that look at signatures have no demo: the scope is all that counts here.
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/ec2/aws4_request, ' +
  'SignedHeaders=host, Signature=0';

export function createQuery(url: string): Query {
  return async (action, parameters) => {
    const body = new URLSearchParams({ Action: action, Version: VERSION, ...parameters });
    const headers = { authorization: AUTHORIZATION };
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.ok) return text;
    throw new CliError(EXIT.defect, `the demo is refused: ${elementOf(text, 'Message')}`);
  };
}

/** The text of the first element of that name. */
export function elementOf(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (found !== undefined) return found;
  throw new CliError(EXIT.defect, `the answer has no ${name}`);
}
