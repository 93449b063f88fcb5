/**
 * Real routers as BGP peers: BIRD and FRR on loopback addresses, each in a folder of its own. A
 * test starts them with what they are to announce and asks them what they have learned.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ANSWER_MILLIS = 10_000;
const START_MILLIS = 20_000;
const POLL_MILLIS = 50;
const FRR_BGPD = '/usr/lib/frr/bgpd';

/** What a router announces. */
export interface RouterRoute {
  readonly prefix: string;
  /** A system that the path goes through behind the router's own. */
  readonly through?: number;
  readonly med?: number;
  /** `7224:7100` */
  readonly community?: string;
}

/** The network namespace that a router runs in, and the address that its Linux is to send from. */
export interface RouterKernel {
  readonly namespace: string;
  readonly source: string;
}

/** A router that speaks with one peer: openvpc. */
export interface RouterWish {
  readonly asn: number;
  readonly address: string;
  readonly port: number;
  readonly peer: { readonly asn: number; readonly address: string; readonly port: number };
  /** Next hops that it tells; its own address unless given. */
  readonly nextHop4?: string;
  readonly nextHop6?: string;
  readonly routes: readonly RouterRoute[];
  /** Waits to be called: openvpc has no port of its own. */
  readonly passive?: boolean;
  /** In place of the one that follows from all of this; its protocol is called `openvpc`. */
  readonly configuration?: string;
  /** BIRD alone: what it learns goes into the kernel's table. */
  readonly kernel?: RouterKernel;
}

/** A route as the router shows it. */
export interface LearnedRoute {
  readonly path: string;
  readonly nextHop: string;
  readonly med: number | undefined;
}

export interface Router {
  /** What it has learned of its peer, by prefix. */
  learned(): Promise<Record<string, LearnedRoute>>;
  /** Asks its peer for all routes again. */
  refresh(): Promise<void>;
  /** Stops announcing, or drops the session, in the router's own words. */
  shutDown(): Promise<void>;
  /** Speaks again after `shutDown`. */
  comeBack(): Promise<void>;
  readonly running: boolean;
  /** Ends the program, by default in good order. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** What it has written down, for the message of a failure. */
  log(): string;
}

export interface RouterKind {
  readonly name: string;
  /** What is missing here; undefined where nothing is. */
  readonly needs: string | undefined;
  readonly start: (wish: RouterWish) => Promise<Router>;
}

/** A port that nobody listens on at this moment. */
export function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `holds`; fails with what `tell` says when it takes too long. */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  tell: () => string = () => '',
  pollMillis = POLL_MILLIS,
): Promise<void> {
  const end = Date.now() + START_MILLIS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${tell()}`);
    await new Promise((resolve) => setTimeout(resolve, pollMillis));
  }
}

/** A running program with its folder. */
class Program {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #said = '';

  constructor(folder: string, command: string, args: readonly string[]) {
    this.folder = folder;
    this.#child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', () => resolve());
      this.#child.on('close', () => resolve());
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  log(): string {
    const file = join(this.folder, 'log');
    return this.#said + (existsSync(file) ? readFileSync(file, 'utf8') : '');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.running) this.#child.kill(signal);
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), ANSWER_MILLIS);
    await this.#ended;
    clearTimeout(kill);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function folder(name: string): string {
  return mkdtempSync(join(tmpdir(), `openvpc-${name}-`));
}

function ask(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: ANSWER_MILLIS }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}

const of = (family: 4 | 6, routes: readonly RouterRoute[]) =>
  routes.filter(({ prefix }) => prefix.includes(':') === (family === 6));
const isPlain = ({ through, med, community }: RouterRoute) =>
  through === undefined && med === undefined && community === undefined;

function birdFilter({ prefix, through, med, community }: RouterRoute): string {
  const tag = community?.replace(':', ',');
  const actions = [
    through === undefined ? '' : `bgp_path.prepend(${through});`,
    med === undefined ? '' : `bgp_med = ${med};`,
    tag === undefined ? '' : `bgp_community.add((${tag}));`,
  ];
  return `  if net = ${prefix} then { ${actions.join(' ')} }`;
}

function birdKernel({ source }: RouterKernel): string {
  return `
protocol direct { ipv4; }
filter installed { if source != RTS_BGP then reject; krt_prefsrc = ${source}; accept; }
protocol kernel { scan time 1; ipv4 { export filter installed; }; }
`;
}

function birdConfiguration(wish: RouterWish): string {
  const { asn, address, port, peer } = wish;
  const routes = (family: 4 | 6) =>
    of(family, wish.routes)
      .map(({ prefix }) => `route ${prefix} blackhole;`)
      .join(' ');
  const hop = (own: string | undefined) => (own === undefined ? '' : `next hop address ${own};`);
  return `
log stderr all;
router id 10.9.0.2;
protocol device { }
${wish.kernel === undefined ? '' : birdKernel(wish.kernel)}
protocol static { ipv4; ${routes(4)} }
protocol static { ipv6; ${routes(6)} }
filter told {
  if source != RTS_STATIC then reject;
${wish.routes
  .filter((route) => !isPlain(route))
  .map(birdFilter)
  .join('\n')}
  accept;
}
protocol bgp openvpc {
  local ${address} port ${port} as ${asn};
  neighbor ${peer.address} port ${peer.port} as ${peer.asn};
  multihop;${wish.passive ? ' passive;' : ''}
  strict bind;
  hold time 30;
  connect retry time 1; connect delay time 1; error wait time 1, 2;
  ipv4 { import all; export filter told; ${hop(wish.nextHop4)} };
  ipv6 { import all; export filter told; ${hop(wish.nextHop6)} };
}
`;
}

/** `show route all` in BIRD's words: a line a route, its attributes indented below. */
function readBird(text: string): Record<string, LearnedRoute> {
  const routes: Record<string, LearnedRoute> = {};
  for (const entry of text.split(/\n(?=\S)/)) {
    const [prefix] = /^\S+\/\d+/.exec(entry) ?? [];
    const attribute = (name: string) => new RegExp(`BGP\\.${name}: (.*)`).exec(entry)?.[1]?.trim();
    if (prefix === undefined || !entry.includes('[openvpc ')) continue;
    const med = attribute('med');
    routes[prefix] = {
      path: attribute('as_path') ?? '',
      nextHop: attribute('next_hop') ?? '',
      med: med === undefined ? undefined : Number(med),
    };
  }
  return routes;
}

async function startBird(wish: RouterWish): Promise<Router> {
  const home = folder('bird');
  writeFileSync(join(home, 'bird.conf'), wish.configuration ?? birdConfiguration(wish));
  const words = ['bird', '-f', '-c', 'bird.conf', '-s', 'ctl', '-P', 'pid'];
  const inside = wish.kernel === undefined ? [] : ['ip', 'netns', 'exec', wish.kernel.namespace];
  const [command, ...args] = [...inside, ...words];
  const program = new Program(home, command!, args);
  const birdc = (...words: string[]) => ask('birdc', ['-s', join(home, 'ctl'), ...words]);
  const ready = () => existsSync(join(home, 'ctl')) || !program.running;
  await waitUntil('BIRD starts', ready, () => program.log());
  return {
    learned: async () => readBird(await birdc('show', 'route', 'all', 'protocol', 'openvpc')),
    refresh: async () => void (await birdc('reload', 'in', 'openvpc')),
    shutDown: async () => void (await birdc('disable', 'openvpc', '"maintenance"')),
    comeBack: async () => void (await birdc('enable', 'openvpc')),
    get running() {
      return program.running;
    },
    stop: (signal) => program.stop(signal),
    log: () => program.log(),
  };
}

function frrOrigin({ through, med, community }: RouterRoute, index: number): string {
  const actions = [
    med === undefined ? '' : ` set metric ${med}\n`,
    through === undefined ? '' : ` set as-path prepend ${through}\n`,
    community === undefined ? '' : ` set community ${community}\n`,
  ];
  return `route-map ORIGIN${index} permit 10\n${actions.join('')}`;
}

function frrConfiguration(wish: RouterWish): string {
  const { asn, address, peer, nextHop4, nextHop6 } = wish;
  const special = wish.routes.filter((route) => !isPlain(route));
  const networks = (family: 4 | 6) =>
    of(family, wish.routes).map((route) => {
      const map = isPlain(route) ? '' : ` route-map ORIGIN${special.indexOf(route)}`;
      return `  network ${route.prefix}${map}`;
    });
  const family = (name: string, version: 4 | 6) => `
 address-family ${name} unicast
${networks(version).join('\n')}
  neighbor ${peer.address} activate
  neighbor ${peer.address} route-map OUT${version} out
  neighbor ${peer.address} route-map IN in
 exit-address-family`;
  // Maps first: what is used before it is there is looked at again only seconds later.
  return `
${special.map(frrOrigin).join('!\n')}!
route-map OUT4 permit 10
${nextHop4 === undefined ? '' : ` set ip next-hop ${nextHop4}`}
!
route-map OUT6 permit 10
${nextHop6 === undefined ? '' : ` set ipv6 next-hop global ${nextHop6}`}
!
route-map IN permit 10
!
router bgp ${asn}
 bgp router-id 10.9.0.3
 no bgp default ipv4-unicast
 no bgp network import-check
 bgp disable-ebgp-connected-route-check
 timers bgp 10 30
 neighbor ${peer.address} remote-as ${peer.asn}
 neighbor ${peer.address} port ${peer.port}
 neighbor ${peer.address} timers connect 1
 ${wish.passive ? `neighbor ${peer.address} passive` : ''}
 neighbor ${peer.address} advertisement-interval 0
 neighbor ${peer.address} ebgp-multihop 5
 neighbor ${peer.address} disable-connected-check
 neighbor ${peer.address} update-source ${address}
${family('ipv4', 4)}
${family('ipv6', 6)}
`;
}

interface FrrTable {
  readonly routes: Record<
    string,
    readonly {
      readonly path: string;
      readonly metric?: number;
      readonly pathFrom: string;
      readonly peerId: string;
      readonly nexthops: readonly { readonly ip: string }[];
    }[]
  >;
}

function readFrr(text: string, peer: string): Record<string, LearnedRoute> {
  const { routes = {} } = JSON.parse(text) as Partial<FrrTable>;
  return Object.fromEntries(
    Object.entries(routes).flatMap(([prefix, paths]) =>
      paths
        .filter(({ peerId }) => peerId === peer)
        .map(({ path, metric, nexthops }) => [
          prefix,
          { path, med: metric, nextHop: nexthops[0]?.ip ?? '' },
        ]),
    ),
  );
}

async function startFrr(wish: RouterWish): Promise<Router> {
  const home = folder('frr');
  writeFileSync(join(home, 'bgpd.conf'), wish.configuration ?? frrConfiguration(wish));
  // No zebra, no kernel, no port for terminals; as whoever runs the test.
  const own = ['-S', '-Z', '-P', '0', '-i', join(home, 'pid'), '--vty_socket', home];
  const listen = ['-p', String(wish.port), '-l', wish.address];
  const config = ['-f', join(home, 'bgpd.conf'), '--log', `file:${join(home, 'log')}`];
  const program = new Program(home, FRR_BGPD, [...own, ...listen, ...config]);
  const vtysh = (...commands: string[]) => {
    const words = commands.flatMap((command) => ['-c', command]);
    return ask('vtysh', ['--vty_socket', home, '-d', 'bgpd', ...words]);
  };
  const ready = () => existsSync(join(home, 'bgpd.vty')) || !program.running;
  await waitUntil('FRR starts', ready, () => program.log());
  const table = async (family: string) =>
    readFrr(await vtysh(`show bgp ${family} unicast json`), wish.peer.address);
  const configure = (line: string) => vtysh('configure terminal', `router bgp ${wish.asn}`, line);
  const neighbor = `neighbor ${wish.peer.address}`;
  return {
    learned: async () => ({ ...(await table('ipv4')), ...(await table('ipv6')) }),
    refresh: async () => void (await vtysh(`clear bgp * soft in`)),
    shutDown: async () => void (await configure(`${neighbor} shutdown message maintenance`)),
    comeBack: async () => void (await configure(`no ${neighbor} shutdown`)),
    get running() {
      return program.running;
    },
    stop: (signal) => program.stop(signal),
    log: () => program.log(),
  };
}

function missing(name: string, ...programs: string[]): string | undefined {
  const there = programs.every((one) => spawnSync(one, ['--version']).error === undefined);
  return there ? undefined : name;
}

export const BIRD: RouterKind = {
  name: 'BIRD',
  needs: missing('bird2', 'bird', 'birdc'),
  start: startBird,
};
export const FRR: RouterKind = {
  name: 'FRR',
  needs: missing('frr', FRR_BGPD, 'vtysh'),
  start: startFrr,
};
