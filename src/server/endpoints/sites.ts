/** On-premises sites over HTTP (contract, "The world outside"). */
import { z } from 'zod';
import { addSite, removeSite, setSiteLinks } from '../../control/hybrid/site.ts';
import type { SiteUplink } from '../../model/hybrid/site.ts';
import { isSiteName, isTapName } from '../../model/hybrid/site-fault.ts';
import { parseCidr } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import { readJson } from '../http/api.ts';
import { type Endpoint, type EndpointRequest, json, RequestError } from '../http/reply.ts';
import type { Lab } from '../lab.ts';
import { siteView } from '../site-view.ts';

const parsed = <T>(parse: (text: string) => T | undefined, what: string) =>
  z
    .string()
    .max(64)
    .transform((text, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue(`'${text}' is no ${what}`);
      return z.NEVER;
    });

const cidr = parsed(parseCidr, 'CIDR block');
const address = parsed(parseIp, 'IP address');
const router = parsed(parseSocket, 'ADDRESS:PORT');
const id = z.string().min(1).max(128);

const SITE = z.strictObject({
  name: z.string().refine(isSiteName, {
    error: 'must be 1 to 63 letters, digits, dots, hyphens and underscores',
  }),
  customerGatewayId: id.exactOptional(),
  virtualInterfaceId: id.exactOptional(),
  connectPeerId: id.exactOptional(),
  asn: z.int().min(1).max(0xffff_ffff).exactOptional(),
  prefixes: z.array(cidr).default([]),
  hosts: z.array(address).default([]),
  bgp: z.strictObject({ connect: router }).exactOptional(),
  tap: z
    .string()
    .refine(isTapName, { error: 'must be the name of a Linux interface' })
    .exactOptional(),
});

const LINKS = z.record(z.string().max(128), z.enum(['up', 'down', 'unreachable']));

export function siteEndpoints(lab: Lab): Endpoint[] {
  const { cloud } = lab;
  const show = (name: string) => siteView(lab, cloud.model.get('site', name)!);
  return [
    {
      method: 'GET',
      path: '/_openvpc/sites',
      handle: () => json({ sites: [...cloud.model.all('site')].map(({ id }) => show(id)) }),
    },
    {
      method: 'POST',
      path: '/_openvpc/sites',
      handle: async (request) => {
        const { bgp, tap, ...body } = read(SITE, request);
        await lab.taps.closed();
        const site = await cloud.execute((tx) => {
          const added = addSite(tx, {
            ...body,
            uplink: uplinkOf(body),
            ...(bgp !== undefined && { bgp: bgp.connect }),
            ...(tap !== undefined && { tap }),
          });
          // Last: where it cannot be opened, the site is undone.
          lab.taps.open(added);
          return added;
        });
        return json(show(site.id));
      },
    },
    {
      method: 'GET',
      path: '/_openvpc/sites/:name',
      handle: ({ parameters }) => {
        const site = cloud.model.get('site', parameters.name!);
        if (site !== undefined) return json(siteView(lab, site));
        throw new RequestError(404, 'NotFound', `There is no site '${parameters.name}'.`);
      },
    },
    {
      method: 'PUT',
      path: '/_openvpc/sites/:name/links',
      handle: async (request) => {
        const { name } = request.parameters;
        const states = read(LINKS, request);
        await cloud.execute((tx) => setSiteLinks(tx, name!, states));
        return json(show(name!));
      },
    },
    {
      method: 'DELETE',
      path: '/_openvpc/sites/:name',
      handle: async ({ parameters }) => {
        await cloud.execute((tx) => removeSite(tx, parameters.name!));
        return json({ removed: parameters.name });
      },
    },
  ];
}

function read<T>(schema: z.ZodType<T>, request: EndpointRequest): T {
  const result = schema.safeParse(readJson(request));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue!.path.map(String).join('.');
  const message = path === '' ? issue!.message : `${path}: ${issue!.message}`;
  throw new RequestError(400, 'MalformedSite', message);
}

const UPLINKS = {
  customerGatewayId: 'customer-gateway',
  virtualInterfaceId: 'virtual-interface',
  connectPeerId: 'transit-gateway-connect-peer',
} as const satisfies Record<string, SiteUplink['kind']>;

function uplinkOf(body: { readonly [Name in keyof typeof UPLINKS]?: string }): SiteUplink {
  const names = Object.keys(UPLINKS) as (keyof typeof UPLINKS)[];
  const [name, other] = names.filter((one) => body[one] !== undefined);
  if (name !== undefined && other === undefined) return { kind: UPLINKS[name], id: body[name]! };
  const message =
    name === undefined
      ? `one of ${names.join(', ')} must be given`
      : `only one of ${names.join(', ')} may be given, not ${name} and ${other}`;
  throw new RequestError(400, 'MalformedSite', message);
}

function parseSocket(text: string) {
  const [, six, four = '', digits = ''] =
    /^(?:\[([0-9A-Fa-f.:]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const address = parseIp(six ?? four);
  const port = Number(digits);
  return address === undefined || port < 1 || port > 65_535 ? undefined : { address, port };
}
