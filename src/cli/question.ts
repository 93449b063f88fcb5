/** FROM TO and the options that make a question of them: shared by trace, probe and their kin. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { QuestionInput } from '../server/question.ts';
import type { Client } from './client.ts';
import { CliError, EXIT } from './exit.ts';
import { createPlaces, type PlaceOptions } from './place.ts';
import { wholeNumber } from './verb.ts';

export interface ProtocolOptions {
  readonly tcp?: number;
  readonly udp?: number;
  readonly icmp?: boolean;
}

export interface QuestionOptions extends ProtocolOptions, PlaceOptions {
  readonly family?: number;
  readonly size?: number;
  readonly df?: boolean;
  readonly ttl?: number;
  readonly sourcePort?: number;
}

const port = wholeNumber(1, 65_535);

export function withProtocolOptions(command: Command): Command {
  return command
    .option('--tcp <port>', 'TCP to this port', port)
    .option('--udp <port>', 'UDP to this port', port)
    .option('--icmp', 'an ICMP echo (the default)');
}

export function withPlaceOptions(
  command: Command,
  what = { account: 'only what this account has', region: 'only what is in this Region' },
): Command {
  return withAccount(command, what.account).option('--region <name>', what.region);
}

export function withAccount(command: Command, what: string): Command {
  return command.option('--account <id>', `${what}: 12 digits`, account);
}

/** FROM, TO and everything a question may say. */
export function withQuestion(command: Command): Command {
  command
    .argument('<from>', 'i-…, eni-…, site:NAME/ADDRESS, internet, internet:ADDRESS, or a Name tag')
    .argument('<to>', 'an address, i-…, eni-…, site:NAME/ADDRESS, a DNS name, or a Name tag');
  withProtocolOptions(command)
    .addOption(new Option('--family <family>', 'IPv4 or IPv6').choices(['4', '6']))
    .option('--size <bytes>', 'extra payload', wholeNumber(0, 65_000))
    .option('--df', "set don't-fragment")
    .option('--ttl <hops>', 'time to live', wholeNumber(1, 255))
    .option('--source-port <port>', 'of the sender', port);
  return withPlaceOptions(command);
}

function account(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 12 digits.');
}

/** The protocol and port of a question. @throws CliError when two are asked for */
export function protocolOf({ tcp, udp, icmp }: ProtocolOptions) {
  const given = [tcp, udp, icmp].filter((one) => one !== undefined);
  if (given.length > 1) throw new CliError(EXIT.usage, 'choose one of --tcp, --udp and --icmp');
  if (tcp !== undefined) return { protocol: 'tcp', port: tcp } as const;
  if (udp !== undefined) return { protocol: 'udp', port: udp } as const;
  return { protocol: 'icmp' } as const;
}

export async function questionOf(
  client: Client,
  [from = '', to = '']: readonly string[],
  options: QuestionOptions,
): Promise<QuestionInput> {
  const { family, size, df, ttl, sourcePort } = options;
  const protocol = protocolOf(options);
  const places = createPlaces(client, options);
  return {
    from: await places.from(from),
    to: await places.to(to),
    ...protocol,
    ...(family !== undefined && { family: Number(family) as 4 | 6 }),
    ...(size !== undefined && { size }),
    ...(df && { dontFragment: true }),
    ...(ttl !== undefined && { ttl }),
    ...(sourcePort !== undefined && { sourcePort }),
  };
}
