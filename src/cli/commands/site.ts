import type { Command } from 'commander';
import type { SiteTunnelState } from '../../model/hybrid/site.ts';
import type { SiteView } from '../../server/site-view.ts';
import type { Client } from '../client.ts';
import { CliError, EXIT } from '../exit.ts';
import { formatSites } from '../format/sites.ts';
import { runs, type Shell, verb, wholeNumber } from '../verb.ts';

const PATH = '/_openvpc/sites';

export function siteCommand(shell: Shell): Command {
  const command = verb('site', 'Stand up on-premises networks, and their links to AWS.');
  command.addCommand(addCommand(shell));
  command.addCommand(listCommand(shell));
  command.addCommand(removeCommand(shell));
  for (const [state, description] of LINK_STATES) {
    command.addCommand(linkCommand(shell, state, description));
  }
  return command;
}

const UPLINKS = {
  customerGateway: 'customerGatewayId',
  virtualInterface: 'virtualInterfaceId',
  connectPeer: 'connectPeerId',
} as const;

interface AddOptions extends Partial<Record<keyof typeof UPLINKS, string>> {
  readonly asn?: number;
  readonly prefix?: readonly string[];
  readonly host?: readonly string[];
  readonly bgpConnect?: string;
  readonly tap?: string;
}

function addCommand(shell: Shell): Command {
  const command = verb('add', 'Stand up a site behind what AWS has for it.')
    .argument('<name>', 'what it is called: site:NAME/ADDRESS is a host of it')
    .option('--customer-gateway <id>', 'its device is this customer gateway: cgw-…')
    .option('--virtual-interface <id>', 'it is at the end of this Direct Connect: dxvif-…')
    .option('--connect-peer <id>', 'it is this appliance: tgw-connect-peer-…')
    .option('--asn <number>', 'of its router, where AWS is to find another', wholeNumber(1, ASN))
    .option('--prefix <cidr...>', 'what lies there, and its router announces')
    .option('--host <address...>', 'answers there as instances do')
    .option('--bgp-connect <address:port>', 'a BGP router of yours that speaks for it')
    .option('--tap <name>', 'a Linux interface that carries its packets');
  return runs<AddOptions>(command, shell, async ({ client, args, options, show }) => {
    const { asn, prefix = [], host = [], bgpConnect, tap } = options;
    const site = await client.post<SiteView>(PATH, {
      name: args[0],
      ...uplinkOf(options),
      ...(asn !== undefined && { asn }),
      prefixes: prefix,
      hosts: host,
      ...(bgpConnect !== undefined && { bgp: { connect: bgpConnect } }),
      ...(tap !== undefined && { tap }),
    });
    show(site, () => formatSites([site]));
    return undefined;
  });
}

const ASN = 0xffff_ffff;

/** @throws CliError unless exactly one is given */
function uplinkOf(options: AddOptions): Record<string, string> {
  const given = Object.entries(UPLINKS).flatMap(([option, member]) => {
    const id = options[option as keyof typeof UPLINKS];
    return id === undefined ? [] : [{ [member]: id }];
  });
  const [uplink, other] = given;
  if (uplink !== undefined && other === undefined) return uplink;
  const message = 'choose one of --customer-gateway, --virtual-interface and --connect-peer';
  throw new CliError(EXIT.usage, message);
}

function listCommand(shell: Shell): Command {
  const command = verb('list', 'Show all sites: their links, BGP sessions and routes.');
  return runs(command, shell, async ({ client, show }) => {
    const answer = await client.get<{ sites: readonly SiteView[] }>(PATH);
    show(answer, () => formatSites(answer.sites));
    return undefined;
  });
}

function removeCommand(shell: Shell): Command {
  const command = verb('remove', 'Take a site away; what AWS has for it stays.').argument('<name>');
  return runs(command, shell, async ({ client, args, show }) => {
    const answer = await client.delete<{ removed: string }>(pathOf(args[0]));
    show(answer, () => `${answer.removed} is gone`);
    return undefined;
  });
}

const LINK_STATES = [
  ['up', 'The device holds links up again.'],
  ['down', 'The device ends links, and says so.'],
  ['unreachable', 'The device falls silent: AWS has to find out.'],
] as const satisfies [SiteTunnelState, string][];

function linkCommand(shell: Shell, state: SiteTunnelState, description: string): Command {
  const command = verb(state, description)
    .argument('<name>')
    .argument('[link...]', "a link's id, or AWS's outside address of a tunnel; all unless given");
  return runs(command, shell, async ({ client, args, show }) => {
    const [name, ...some] = args;
    const links = some.length > 0 ? some : await everyLink(client, name);
    const states = Object.fromEntries(links.map((link) => [link, state]));
    const path = `${pathOf(name)}/links`;
    const site = await client.put<SiteView>(path, JSON.stringify(states));
    show(site, () => formatSites([site]));
    return undefined;
  });
}

async function everyLink(client: Client, name = ''): Promise<readonly string[]> {
  const { links } = await client.get<SiteView>(pathOf(name));
  return links.map(({ id }) => id);
}

function pathOf(name = ''): string {
  return `${PATH}/${encodeURIComponent(name)}`;
}
