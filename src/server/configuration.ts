/** What `openvpc up` can be told, by flag or by `OPENVPC_<FLAG>` in the environment. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A value that cannot be meant: shown to the operator, exit 2. */
export class ConfigurationError extends Error {}

interface Flag<T> {
  /** What stands after the flag in the manual; absent for a switch. */
  readonly argument?: string;
  readonly description: string;
  /** As it would be typed. */
  readonly usual: string;
  /** From the text that was typed. */
  readonly value: z.ZodType<T, string>;
}

const flag = <T>(row: Flag<T>): Flag<T> => row;

const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }) as z.ZodType<T[number], string>;

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { error: `must be a whole number from ${least} to ${most}` })
    .transform(Number)
    .refine((number) => number >= least && number <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    });

const hostName = z.string().regex(/^[0-9A-Za-z.:_-]{1,253}$/, {
  error: 'must be an address or a host name',
});

const list = z.string().transform((text) => text.split(',').filter((item) => item !== ''));

const yes = choice(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off']).transform((text) =>
  ['true', '1', 'yes', 'on'].includes(text),
);

/** `ID:SECRET,ID:SECRET`, or `@FILE` with one of them a line. */
const keys = z.string().transform((text, context): ReadonlyMap<string, string> => {
  const source = text.startsWith('@') ? readKeys(text.slice(1)) : text;
  if (source === undefined) {
    context.addIssue(`names a file that cannot be read: ${text.slice(1)}`);
    return z.NEVER;
  }
  const pairs = source.split(/[,\n]/).filter((line) => line.trim() !== '');
  const found = pairs.map((pair) => /^\s*(\w{3,128}):(\S+)\s*$/.exec(pair));
  if (found.includes(null)) context.addIssue('must be ID:SECRET, with commas in between');
  return new Map(found.flatMap((match) => (match ? [[match[1]!, match[2]!] as const] : [])));
});

function readKeys(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

export const FLAGS = {
  port: flag({
    argument: 'N',
    description: 'TCP port; 0 picks a free one',
    usual: '4566',
    value: integer(0, 65_535),
  }),
  host: flag({
    argument: 'ADDRESS',
    description:
      'address to listen at; beyond loopback, own endpoints need the token in DATA/token; with ' +
      '--ephemeral it is OPENVPC_TOKEN, or printed',
    usual: '127.0.0.1',
    value: hostName,
  }),
  'allowed-hosts': flag({
    argument: 'NAMES',
    description: 'further names a request may be addressed to, with commas in between',
    usual: '',
    value: list,
  }),
  data: flag({
    argument: 'DIR',
    description: 'folder for everything that is kept',
    usual: '.openvpc',
    value: z.string().min(1, { error: 'must name a folder' }),
  }),
  ephemeral: flag({ description: 'keep nothing', usual: 'false', value: yes }),
  quotas: flag({
    argument: 'on|off',
    description: "enforce AWS's default quotas",
    usual: 'on',
    value: choice(['on', 'off']).transform((text) => text === 'on'),
  }),
  transitions: flag({
    argument: 'fast|aws|instant',
    description: "how long states stay pending: at most 500 ms, AWS's usual times, or not at all",
    usual: 'fast',
    value: choice(['fast', 'aws', 'instant']),
  }),
  zones: flag({
    argument: 'same|shuffled',
    description: 'whether a zone name means the same zone in every account',
    usual: 'same',
    value: choice(['same', 'shuffled']),
  }),
  seed: flag({
    argument: 'N',
    description: 'the same seed gives the same ids and the same zone names; empty: ids by chance',
    usual: '',
    value: z.union([z.literal('').transform(() => undefined), integer(0, 0xffff_ffff)], {
      error: 'must be a whole number from 0 to 4294967295',
    }),
  }),
  sigv4: flag({
    argument: 'off|enforce',
    description: 'whether signatures of AWS calls are checked',
    usual: 'off',
    value: choice(['off', 'enforce']),
  }),
  'sigv4-keys': flag({
    argument: 'KEYS',
    description: 'ID:SECRET,… or @FILE: the keys that --sigv4 enforce knows',
    usual: '',
    value: keys,
  }),
  'log-level': flag({
    argument: 'LEVEL',
    description: 'trace, debug, info, warn, error, fatal or silent',
    usual: 'info',
    value: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  }),
  demo: flag({
    description: 'fill the cloud with an example network and print what to try',
    usual: 'false',
    value: yes,
  }),
};
export type FlagName = keyof typeof FLAGS;
export type Configuration = {
  readonly [Name in FlagName]: z.output<(typeof FLAGS)[Name]['value']>;
};

/** The environment variable that says the same as a flag. */
export function variableOf(name: string): string {
  return `OPENVPC_${name.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Flags win over the environment, the environment over what is usual.
 * @throws ConfigurationError naming the flag or variable
 */
export function configure(
  flags: Readonly<Partial<Record<FlagName, string>>>,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const entries = Object.entries(FLAGS).map(([name, { usual, value }]) => {
    const flagged = flags[name as FlagName];
    const variable = environment[variableOf(name)];
    const text = flagged ?? variable ?? usual;
    const parsed = value.safeParse(text);
    if (parsed.success) return [name, parsed.data];
    const where = flagged === undefined ? variableOf(name) : `--${name}`;
    const shown = name === 'sigv4-keys' ? '' : ` (not '${text}')`;
    throw new ConfigurationError(`${where} ${parsed.error.issues[0]!.message}${shown}`);
  });
  const configuration = Object.fromEntries(entries) as Configuration;
  if (configuration.sigv4 === 'enforce' && configuration['sigv4-keys'].size === 0) {
    throw new ConfigurationError('--sigv4 enforce needs --sigv4-keys');
  }
  if (configuration.sigv4 === 'enforce' && configuration.demo) {
    throw new ConfigurationError('--demo needs --sigv4 off');
  }
  return configuration;
}
