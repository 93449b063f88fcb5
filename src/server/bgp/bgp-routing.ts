/**
 * Runs the BGP sessions that the model wants: AWS's gateways on one side, the routers of sites on
 * the other. What they learn becomes records, and what the records say is told on.
 */
import { Advertisements, advertisementSource } from '../../control/hybrid/advertised-route.ts';
import { type PlannedSession, plannedSessions } from '../../control/hybrid/session-plan.ts';
import type { Transaction } from '../../control/transaction.ts';
import type { Network } from '../../fabric/compile/state.ts';
import type { Endpoint } from '../../fabric/endpoint.ts';
import { findLink, type Link, linksOfSite, siteOfLink } from '../../model/hybrid/link.ts';
import type { Site } from '../../model/hybrid/site.ts';
import type { Change, Kind } from '../../model/schema.ts';
import type { Cidr } from '../../net/cidr.ts';
import { hashText } from '../../net/hash.ts';
import { formatIp } from '../../net/ip.ts';
import { type Ipv4, ipv4 } from '../../net/ipv4.ts';
import type { Random } from '../../net/random.ts';
import type { BgpState } from '../../services/bgp/fsm.ts';
import type { SpeakerOutput } from '../../services/bgp/speaker.ts';
import { EMPTY_AS_PATH } from '../../wire/bgp/as-path.ts';
import { ORIGIN } from '../../wire/bgp/path-attributes.ts';
import { StandingHosts } from '../standing-hosts.ts';
import { ChangedSources } from './changed-sources.ts';
import { Router, type SessionCarrier } from './router.ts';
import { awsEnd, siteEnd } from './session-configuration.ts';
import { type SessionError, SessionErrors } from './session-errors.ts';
import { SessionReports, type SiteRouteChange } from './session-reports.ts';
import { ToldRoutes } from './told-routes.ts';

export interface BgpRoutingOptions {
  /** The fabric's own copy of what exists. */
  readonly network: Network;
  readonly random: Random;
  /** Milliseconds of a clock that only goes forward: BGP runs on real time (contract). */
  readonly now: () => number;
  readonly setTimer: (millis: number, callback: () => void) => () => void;
  /** Whether AWS's limits hold. */
  readonly quotas: boolean;
  /** Takes a frame of a speaker's host, and carries all that wait. */
  readonly send: (from: Endpoint, frame: Uint8Array) => void;
  readonly drain: () => void;
  /** Runs a command that follows from what sessions have told. */
  readonly follow: (command: (tx: Transaction) => void) => void;
}

/** A session that runs, with both of its ends. */
interface Running {
  readonly plan: PlannedSession;
  readonly site: Site;
  /** Tells whether another plan is the same session still. */
  readonly signature: string;
  readonly aws: Router;
  /** Undefined: the site's control plane is another program. */
  readonly device: Router | undefined;
  /** What that program has been told. */
  readonly told: ToldRoutes;
  /** What feeds the advertisements: undefined, nothing yet. */
  source: string | undefined;
  /** The device is unreachable: AWS's end goes on until its hold timer ends it. */
  isSilent: boolean;
}

/** Changes of these may begin and end sessions. */
const PLANS: ReadonlySet<Kind> = new Set<Kind>([
  'site',
  'customer-gateway',
  'vpn-connection',
  'vpn-gateway',
  'transit-gateway',
  'transit-gateway-attachment',
  'transit-gateway-connect-peer',
  'direct-connect-virtual-interface',
  'direct-connect-failover-test',
]);

/** RFC 9003: what the operator of a real router reads in its log. */
const SHUTDOWN = 'openvpc is shutting down';

export class BgpRouting {
  readonly #options: BgpRoutingOptions;
  /** AWS's ends of links, and sites. */
  readonly #hosts: StandingHosts;
  readonly #running = new Map<string, Running>();
  /** AWS's, by gateway and number; sites', by name. */
  readonly #routers = new Map<string, Router>();
  readonly #reports = new SessionReports();
  readonly #errors = new SessionErrors();
  #stopTimer: () => void = () => {};
  #closed = false;

  constructor(options: BgpRoutingOptions) {
    const { network, send, now, random } = options;
    this.#options = options;
    this.#hosts = new StandingHosts({
      ...{ network, send, now, echo: false },
      random: () => random.uint32(),
    });
  }

  /** Follows changes that the network has taken already. */
  heed(changes: readonly Change[]): void {
    if (this.#closed) return;
    const lost = this.#lostSessions(changes);
    if (lost.size > 0 || changes.some(({ kind }) => PLANS.has(kind))) this.#plan(lost);
    this.#advertise(new ChangedSources(this.#options.network.model, changes));
    this.#settle();
  }

  /** A frame has arrived; false: no speaker has a host there. */
  deliver(to: Endpoint, frame: Uint8Array): boolean {
    return this.#hosts.deliver(to, frame);
  }

  /** How AWS's end of a session is; Idle where none runs. */
  state(sessionId: string): BgpState {
    return this.#running.get(sessionId)?.aws.speaker.status(sessionId).state ?? 'Idle';
  }

  /** What AWS has told on a session. */
  told(sessionId: string): readonly Cidr[] {
    const running = this.#running.get(sessionId);
    return running ? [...running.aws.speaker.told(sessionId)].map(({ prefix }) => prefix) : [];
  }

  /** Why a session went down or was refused the last time; undefined: it never was. */
  lastError(sessionId: string): SessionError | undefined {
    return this.#errors.of(sessionId);
  }

  /** The sessions over a link. */
  sessionsOf(linkId: string): readonly PlannedSession[] {
    return [...this.#running.values()].map(({ plan }) => plan).filter((p) => p.linkId === linkId);
  }

  /** Ends all sessions in good order; resolves when real routers have been told. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTimer();
    for (const [id, { aws }] of this.#running) aws.shutDown(id, SHUTDOWN);
    // Devices of ours hear of it as well: nothing else will end their connections.
    this.#options.drain();
    await Promise.all([...this.#routers.values()].map((router) => router.close()));
  }

  /** Sessions whose records somebody has taken away: they learn everything again. */
  #lostSessions(changes: readonly Change[]): ReadonlySet<string> {
    const gone = changes.filter(({ kind, after }) => kind === 'bgp-session' && !after);
    return new Set(gone.map(({ id }) => id).filter((id) => this.#running.has(id)));
  }

  #plan(lost: ReadonlySet<string>): void {
    const wanted = this.#wanted();
    for (const [id, running] of this.#running) {
      const still = wanted.get(id);
      if (still !== undefined && !lost.has(id) && !this.#isOver(running, still)) {
        hush(running, isSilent(still));
        continue;
      }
      const why = whyOver(running, still, this.state(id));
      this.#end(id);
      if (why !== undefined) this.#errors.note(running.plan, why);
    }
    this.#hosts.prune();
    this.#errors.keep(({ linkId }) => this.#hasSite(linkId));
    // The side that is called listens before the other calls.
    const fresh = [...wanted.values()].filter(({ plan }) => !this.#running.has(plan.id));
    for (const one of fresh) this.#beginAws(one);
    for (const { plan } of fresh) this.#beginDevice(this.#running.get(plan.id)!);
    this.#closeIdleRouters();
  }

  #hasSite(linkId: string): boolean {
    const { model } = this.#options.network;
    const link = findLink(model, linkId);
    return link !== undefined && siteOfLink(model, link) !== undefined;
  }

  #closeIdleRouters(): void {
    const busy = new Set([...this.#running.values()].flatMap(({ aws, device }) => [aws, device]));
    for (const [key, router] of this.#routers) {
      if (busy.has(router)) continue;
      // Its sessions have ended: nobody has to wait for the last words.
      void router.close();
      this.#routers.delete(key);
    }
  }

  /**
   * It is another session now; or its device is back, and AWS has found out meanwhile that it was
   * away: then the device begins anew.
   */
  #isOver({ plan, signature, isSilent: was, device }: Running, wanted: Wanted): boolean {
    if (signature !== wanted.signature) return true;
    if (!was || isSilent(wanted)) return false;
    return device === undefined || this.state(plan.id) !== 'Established';
  }

  #wanted(): Map<string, Wanted> {
    const { model } = this.#options.network;
    const wanted = new Map<string, Wanted>();
    for (const site of model.all('site')) {
      const plans = linksOfSite(model, site)
        .filter(({ id }) => site.links[id] !== 'down')
        .flatMap((link) => plannedSessions(model, link));
      // One program has one session: by the first link that is open.
      const ours = site.bgp === undefined ? plans : plans.slice(0, 1);
      for (const plan of ours) wanted.set(plan.id, { plan, site, signature: sign(plan, site) });
    }
    return wanted;
  }

  #beginAws(wanted: Wanted): void {
    const { plan, site, signature } = wanted;
    const { gatewayId, aws: end } = plan;
    const aws = this.#router(`${gatewayId}|${end.asn}`, end.asn);
    const device = site.bgp ? undefined : this.#router(`site|${site.id}`, site.asn);
    const told = new ToldRoutes(plan.id, site.asn);
    const state = { told, source: undefined, isSilent: isSilent(wanted) };
    this.#running.set(plan.id, { plan, site, signature, aws, device, ...state });
    const options = { external: device === undefined, limited: this.#options.quotas };
    aws.begin(plan.id, awsEnd(plan, options), this.#awsCarrier(plan, site));
  }

  #beginDevice({ plan, site, device }: Running): void {
    const host = this.#hosts.at({ kind: 'site', name: site.id });
    if (device === undefined || host === undefined) return;
    const { aws, customer, ttl } = plan;
    const session = { host, local: customer.address, remote: aws.address, ttl };
    device.begin(plan.id, siteEnd(plan, site), { kind: 'host', session });
    const attributes = { origin: ORIGIN.igp, asPath: EMPTY_AS_PATH };
    const own = site.prefixes.map((prefix) => ({ prefix, attributes }));
    device.speaker.advertise(plan.id, own, this.#options.now());
  }

  #awsCarrier(plan: PlannedSession, site: Site): SessionCarrier {
    const { linkId, aws, customer, ttl } = plan;
    if (site.bgp !== undefined) {
      const { address, port } = site.bgp;
      const silent = isSilent({ plan, site });
      return { kind: 'socket', endpoint: { address: formatIp(address), port, silent } };
    }
    const host = this.#hosts.at({ kind: 'link', id: linkId })!;
    const session = { host, local: aws.address, remote: customer.address, ttl };
    return { kind: 'host', session };
  }

  #end(id: string): void {
    const { aws, device } = this.#running.get(id)!;
    aws.end(id);
    device?.end(id);
    this.#errors.end(id);
    this.#running.delete(id);
  }

  #router(key: string, asn: number): Router {
    const known = this.#routers.get(key);
    if (known !== undefined && known.speaker.asn === asn) return known;
    void known?.close();
    const { random, now } = this.#options;
    const site = key.startsWith('site|') ? key.slice('site|'.length) : undefined;
    const router = new Router({
      ...{ asn, identifier: identifierOf(key), random, now },
      onOutput: (output) => {
        if (site === undefined) this.#heardAws(output);
        else if (output.type === 'routes') this.#heardSite(site, output.changes);
        else this.#heardDevice(output);
      },
      onSocket: () => this.#settle(),
    });
    this.#routers.set(key, router);
    return router;
  }

  #heardAws(output: SpeakerOutput): void {
    const running = 'peer' in output ? this.#running.get(output.peer) : undefined;
    if (running === undefined) return;
    const { plan, aws } = running;
    this.#errors.heardAws(plan, output);
    if (output.type !== 'state' && output.type !== 'learned') return;
    const changes = output.type === 'learned' ? output.changes : [];
    const established = aws.speaker.status(plan.id).state === 'Established';
    this.#reports.session(plan, established, changes);
    if (output.type === 'state') this.#noteTold(running);
  }

  /** Of a device that is out of reach nobody knows what it does. */
  #heardDevice(output: SpeakerOutput): void {
    const running = 'peer' in output ? this.#running.get(output.peer) : undefined;
    if (running !== undefined && !running.isSilent) this.#errors.heardDevice(running.plan, output);
  }

  #heardSite(siteId: string, changes: readonly SiteRouteChange[]): void {
    this.#reports.site(siteId, changes, (id) => this.#running.get(id)?.plan.linkId);
  }

  /** A router of ours says itself what it knows. */
  #noteTold({ device, site, plan, aws, told }: Running): void {
    if (device !== undefined) return;
    const changes = told.changes(aws.speaker.told(plan.id));
    if (changes.length > 0) this.#heardSite(site.id, changes);
  }

  /** Tells what is another now, and all to sessions that have been told nothing yet. */
  #advertise(sources: ChangedSources): void {
    const { model } = this.#options.network;
    const advertisements = new Advertisements(model);
    for (const running of this.#running.values()) {
      const link = findLink(model, running.plan.linkId);
      const source = link && advertisementSource(model, link);
      const isKnown = source === running.source;
      const prefixes = isKnown ? sources.prefixesOf(source ?? '') : undefined;
      if (prefixes?.length === 0) continue;
      running.source = source;
      this.#tell(running, advertisements, link, prefixes);
    }
  }

  /** Some prefixes, or everything. */
  #tell(
    running: Running,
    advertisements: Advertisements,
    link: Link | undefined,
    prefixes: readonly Cidr[] | undefined,
  ): void {
    const { plan, aws } = running;
    const now = this.#options.now();
    const some = link && prefixes && advertisements.some(link, prefixes);
    if (some !== undefined) aws.speaker.readvertise(plan.id, some.filter(fits(plan)), now);
    else {
      const routes = link === undefined ? [] : advertisements.all(link);
      aws.speaker.advertise(plan.id, routes.filter(fits(plan)), now);
    }
    this.#noteTold(running);
  }

  /** Carries what the speakers have to say, hands over what they have heard, waits for more. */
  #settle(): void {
    if (this.#closed) return;
    this.#options.drain();
    if (!this.#reports.isEmpty) this.#options.follow(this.#reports.take());
    this.#arm();
  }

  #arm(): void {
    this.#stopTimer();
    const all = [...this.#routers.values()].map(({ speaker }) => speaker.nextDue());
    const due = [...all, this.#hosts.nextTimer()].filter((at) => at !== undefined);
    if (due.length === 0) return;
    const { now, setTimer } = this.#options;
    const wait = Math.max(0, Math.ceil(Math.min(...due) - now()));
    this.#stopTimer = setTimer(wait, () => this.#tick());
  }

  #tick(): void {
    const now = this.#options.now();
    for (const { speaker } of this.#routers.values()) speaker.due(now);
    this.#hosts.poll();
    this.#settle();
  }
}

interface Wanted {
  readonly plan: PlannedSession;
  readonly site: Site;
  readonly signature: string;
}

/** Whatever a session cannot change while it runs. */
function sign(plan: PlannedSession, { id, asn, prefixes, bgp }: Site): string {
  const { aws, customer, families, gatewayId } = plan;
  return JSON.stringify([aws, customer, families, gatewayId, { id, asn, prefixes, bgp }]);
}

/** Undefined: it had ended by itself, for a reason that stays. */
function whyOver(
  { signature }: Running,
  wanted: Wanted | undefined,
  state: BgpState,
): string | undefined {
  const isSame = wanted === undefined || signature === wanted.signature;
  if (isSame && state !== 'Established') return undefined;
  return wanted === undefined ? 'the link is closed' : 'the session has been set up anew';
}

/** A socket is closed to the other program; what is a packet finds its link silent. */
function hush(running: Running, isSilent: boolean): void {
  if (isSilent && !running.isSilent) running.aws.silence(running.plan.id);
  running.isSilent = isSilent;
}

function isSilent({ plan, site }: Pick<Wanted, 'plan' | 'site'>): boolean {
  return site.links[plan.linkId] === 'unreachable';
}

/** RFC 6286: not 0, and the same at every start. */
function identifierOf(key: string): Ipv4 {
  return ipv4(hashText(key) || 1);
}

function fits({ families }: PlannedSession) {
  const has = (family: 4 | 6) => families.includes(family);
  return ({ prefix }: { readonly prefix: Cidr }) => has(typeof prefix.address === 'number' ? 4 : 6);
}
