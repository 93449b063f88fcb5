/** A file of expectations, one a line: `FROM TO tcp/443 reachable|dropped [REASON]`. */
import { REASONS } from '../fabric/reason.ts';
import { CliError, EXIT } from './exit.ts';

export interface Expectation {
  /** The line, without what surrounds it. */
  readonly text: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  readonly outcome: 'reachable' | 'dropped';
  readonly reason?: string;
}

/** One expectation and what came of it. */
export interface Outcome extends Expectation {
  readonly ok: boolean;
  /** What was found instead, or why it could not be asked. */
  readonly found: string;
}

/** @throws CliError naming file and line; `#` begins a comment, quotes hold spaces together */
export function parseExpectations(text: string, file: string): Expectation[] {
  return text.split('\n').flatMap((raw, index) => {
    const words = wordsOf(raw);
    if (words.length === 0) return [];
    const line = index + 1;
    const refuse = (why: string): never => {
      throw new CliError(EXIT.usage, `${file}:${line}: ${why}`);
    };
    const [from, to, traffic, outcome, reason, ...rest] = words;
    if (from === undefined || to === undefined || traffic === undefined || rest.length > 0) {
      return refuse('expected FROM TO PROTOCOL/PORT reachable|dropped [REASON]');
    }
    if (outcome !== 'reachable' && outcome !== 'dropped') {
      return refuse(`'${outcome ?? ''}' is neither reachable nor dropped`);
    }
    if (reason !== undefined && (outcome === 'reachable' || !Object.hasOwn(REASONS, reason))) {
      return refuse(`'${reason}' is no reason for it to be ${outcome}`);
    }
    const parsed = trafficOf(traffic) ?? refuse(`'${traffic}' is not icmp, tcp/PORT or udp/PORT`);
    const why = reason === undefined ? {} : { reason };
    return [{ text: words.join(' '), line, from, to, ...parsed, outcome, ...why }];
  });
}

function wordsOf(line: string): string[] {
  const words = line.match(/"[^"]*"|#.*|\S+/g) ?? [];
  const end = words.findIndex((word) => word.startsWith('#'));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/^"(.*)"$/, '$1'));
}

function trafficOf(text: string): Pick<Expectation, 'protocol' | 'port'> | undefined {
  if (text === 'icmp') return { protocol: 'icmp' };
  const match = /^(tcp|udp)\/(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) return undefined;
  return { protocol: match[1] as 'tcp' | 'udp', port };
}
