/** On-premises sites over HTTP, as their endpoint shows them. */
import { waitUntil } from './bgp-router.ts';

export interface ShownSession {
  readonly id: string;
  readonly state: string;
  readonly awsAddress: string;
  readonly customerAddress: string;
  readonly acceptedRoutes: number;
}

export interface ShownLink {
  readonly id: string;
  readonly state: string;
  readonly outsideIpAddress?: string;
  readonly bgp: readonly ShownSession[];
}

export interface ShownSite {
  readonly name: string;
  readonly bgp?: { readonly connect: string };
  readonly links: readonly ShownLink[];
  readonly routes: readonly { readonly destination: string; readonly links: readonly string[] }[];
}

/** What a site's endpoint takes. */
export interface SiteWish {
  readonly name: string;
  readonly customerGatewayId?: string;
  readonly virtualInterfaceId?: string;
  readonly connectPeerId?: string;
  readonly asn?: number;
  readonly prefixes?: readonly string[];
  readonly hosts?: readonly string[];
  readonly bgp?: { readonly connect: string };
  readonly tap?: string;
}

/** The sites of one server. */
export class Sites {
  readonly #url: string;

  constructor(serverUrl: string) {
    this.#url = `${serverUrl}/_openvpc/sites`;
  }

  /** Any call; its status and its answer. */
  async call(
    method: string,
    path = '',
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#url + path, { method, headers, ...init });
    return { status: response.status, body: await response.json() };
  }

  add(wish: SiteWish): Promise<ShownSite> {
    return this.#done('POST', '', wish);
  }

  look(name: string): Promise<ShownSite> {
    return this.#done('GET', `/${name}`);
  }

  async list(): Promise<readonly ShownSite[]> {
    return (await this.#done<{ sites: ShownSite[] }>('GET', '')).sites;
  }

  setLinks(name: string, links: Readonly<Record<string, string>>): Promise<ShownSite> {
    return this.#done('PUT', `/${name}/links`, links);
  }

  async remove(name: string): Promise<void> {
    await this.#done('DELETE', `/${name}`);
  }

  /** All that a site's routers say of their sessions. */
  async sessions(name: string): Promise<readonly ShownSession[]> {
    return (await this.look(name)).links.flatMap(({ bgp }) => bgp);
  }

  established(name: string): Promise<void> {
    return waitUntil(`a session of ${name} is Established`, async () =>
      (await this.sessions(name)).some(({ state }) => state === 'Established'),
    );
  }

  async #done<T = ShownSite>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status === 200) return answer.body as T;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
