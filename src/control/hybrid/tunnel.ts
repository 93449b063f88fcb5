/** Making tunnels and changing them (H-008, H-015 to H-020). */
import { type AwsError, awsError } from '../../model/error.ts';
import type { CustomerGateway } from '../../model/hybrid/customer-gateway.ts';
import {
  effectiveOptions,
  PRE_SHARED_KEY,
  TUNNEL_OPTION_RANGES,
  type TunnelOptions,
} from '../../model/hybrid/tunnel-options.ts';
import type { VpnConnectionGateway, VpnTunnel } from '../../model/hybrid/vpn-connection.ts';
import type { Owned } from '../../model/resource.ts';
import type { Cidr4, Cidr6 } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import type { Random } from '../../net/random.ts';
import type { Transaction } from '../transaction.ts';
import {
  checkInsideBlock,
  checkInsideIpv6Block,
  newInsideBlock,
  newInsideIpv6Block,
  newOutsideAddress,
  takenBlocks,
} from './tunnel-address.ts';

/** What a caller asks of one tunnel; what is absent is chosen, or stays as it is. */
export interface TunnelRequest {
  readonly insideCidr?: Cidr4;
  readonly insideIpv6Cidr?: Cidr6;
  readonly preSharedKey?: string;
  readonly options: Partial<TunnelOptions>;
  readonly lifecycleControl?: boolean;
}

/** What tunnels depend on. */
export interface TunnelSetting {
  readonly owner: Pick<Owned, 'account' | 'region'>;
  readonly customerGateway: CustomerGateway;
  readonly gateway: VpnConnectionGateway | undefined;
  readonly insideFamily: Family;
  readonly outsideFamily: Family;
}

/**
 * The two tunnels of a new connection, both down.
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination
 */
export function newTunnels(
  tx: Transaction,
  setting: TunnelSetting,
  requests: readonly TunnelRequest[],
): [VpnTunnel, VpnTunnel] {
  const [first = { options: {} }, second = { options: {} }] = requests;
  const one = newTunnel(tx, setting, first, [second]);
  return [one, newTunnel(tx, setting, second, [one])];
}

/** `beside`: the connection's other tunnel, as far as it is known. */
function newTunnel(
  tx: Transaction,
  setting: TunnelSetting,
  request: TunnelRequest,
  [other]: readonly [TunnelRequest | VpnTunnel],
): VpnTunnel {
  const { customerGateway, gateway, insideFamily, outsideFamily, owner } = setting;
  checkRequest(request, setting);
  checkOptions(request.options, customerGateway);
  const taken = takenBlocks(tx, gateway, { beside: [other] });
  if (request.insideCidr !== undefined) checkInsideBlock(request.insideCidr, taken);
  if (request.insideIpv6Cidr !== undefined) checkInsideIpv6Block(request.insideIpv6Cidr, taken);
  const beside = 'outsideAddress' in other ? other.outsideAddress : undefined;
  return {
    outsideAddress: newOutsideAddress(tx, outsideFamily, beside),
    insideCidr: request.insideCidr ?? newInsideBlock(tx, taken),
    ...(insideFamily === 6 && {
      insideIpv6Cidr: request.insideIpv6Cidr ?? newInsideIpv6Block(tx, taken),
    }),
    ...credentials(tx.random, owner, customerGateway, request.preSharedKey),
    options: request.options,
    lifecycleControl: request.lifecycleControl ?? false,
    status: { ipsec: false, lastChange: tx.now },
  };
}

/**
 * A tunnel as a request wants it from now on.
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination
 */
export function changedTunnel(
  tx: Transaction,
  setting: TunnelSetting & { readonly connectionId: string },
  tunnels: readonly [VpnTunnel, VpnTunnel],
  tunnel: VpnTunnel,
  request: TunnelRequest,
): VpnTunnel {
  const { customerGateway, gateway, connectionId } = setting;
  checkRequest(request, setting);
  const { insideCidr, insideIpv6Cidr, preSharedKey, lifecycleControl } = request;
  const options = { ...tunnel.options, ...request.options };
  checkOptions(options, customerGateway);
  const beside = tunnels.filter((one) => one !== tunnel);
  const taken = takenBlocks(tx, gateway, { connectionId, beside });
  if (insideCidr !== undefined) checkInsideBlock(insideCidr, taken);
  if (insideIpv6Cidr !== undefined) checkInsideIpv6Block(insideIpv6Cidr, taken);
  return {
    ...tunnel,
    options,
    ...(insideCidr !== undefined && { insideCidr }),
    ...(insideIpv6Cidr !== undefined && { insideIpv6Cidr }),
    ...(preSharedKey !== undefined && { preSharedKey }),
    ...(lifecycleControl !== undefined && { lifecycleControl }),
  };
}

/** Whether a tunnel needs another kind of credentials for this device, and with them if so. */
export function withCredentials(
  tx: Transaction,
  { customerGateway, owner }: Pick<TunnelSetting, 'customerGateway' | 'owner'>,
  tunnel: VpnTunnel,
): VpnTunnel {
  const isByCertificate = customerGateway.certificateArn !== undefined;
  if (isByCertificate === (tunnel.certificateArn !== undefined)) return tunnel;
  const { preSharedKey: _, certificateArn: __, ...rest } = tunnel;
  return { ...rest, ...credentials(tx.random, owner, customerGateway, undefined) };
}

function credentials(
  random: Random,
  owner: TunnelSetting['owner'],
  { certificateArn }: CustomerGateway,
  preSharedKey: string | undefined,
): Pick<VpnTunnel, 'preSharedKey' | 'certificateArn'> {
  if (certificateArn !== undefined) return { certificateArn: newCertificateArn(random, owner) };
  return { preSharedKey: preSharedKey ?? newPreSharedKey(random) };
}

export function newCertificateArn(random: Random, owner: TunnelSetting['owner']): string {
  const uuid = [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');
  return `arn:aws:acm:${owner.region}:${owner.account}:certificate/${uuid}`;
}

const KEY_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz123456789._0';

/** H-015: the first character is no 0, which is the last of those it is chosen from. */
function newPreSharedKey(random: Random): string {
  const { length } = KEY_CHARACTERS;
  let key = KEY_CHARACTERS.charAt(random.below(length - 1));
  while (key.length < PRE_SHARED_KEY.lengthOfDefault) {
    key += KEY_CHARACTERS.charAt(random.below(length));
  }
  return key;
}

function checkRequest(
  { insideIpv6Cidr, preSharedKey }: TunnelRequest,
  { insideFamily, customerGateway }: TunnelSetting,
): void {
  if (insideIpv6Cidr !== undefined && insideFamily !== 6) {
    const message = 'TunnelInsideIpv6Cidr needs TunnelInsideIpVersion ipv6.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (preSharedKey === undefined) return;
  checkPreSharedKey(preSharedKey);
  if (customerGateway.certificateArn === undefined) return;
  const message = `The tunnels of ${customerGateway.id} are authenticated by certificates.`;
  throw awsError('InvalidParameterCombination', message);
}

/** H-015 */
function checkPreSharedKey(key: string): void {
  const { lengthMin, lengthMax } = PRE_SHARED_KEY;
  const isLong = key.length >= lengthMin && key.length <= lengthMax;
  if (isLong && /^[A-Za-z1-9._][A-Za-z0-9._]*$/.test(key)) return;
  const what = `${lengthMin} to ${lengthMax} letters, digits, periods and underscores`;
  // The key itself is a secret, if perhaps a bad one.
  const message = `The PreSharedKey is invalid. It must have ${what}, and not begin with 0.`;
  throw awsError('InvalidParameterValue', message);
}

type Numeric = keyof typeof TUNNEL_OPTION_RANGES;

/** H-017, H-018, H-020: every option by itself, then those that depend on others. */
function checkOptions(chosen: Partial<TunnelOptions>, { ipAddress }: CustomerGateway): void {
  for (const name of Object.keys(TUNNEL_OPTION_RANGES) as Numeric[]) {
    const value = chosen[name];
    const { from, to } = TUNNEL_OPTION_RANGES[name];
    if (value === undefined || (value >= from && value <= to)) continue;
    throw badOption(name, value, `It must be between ${from} and ${to}.`);
  }
  const { phase1LifetimeSeconds, phase2LifetimeSeconds, rekeyMarginTimeSeconds, ...others } =
    effectiveOptions(chosen);
  if (phase2LifetimeSeconds >= phase1LifetimeSeconds) {
    const fault = `It must be less than that of phase 1, ${phase1LifetimeSeconds}.`;
    throw badOption('phase2LifetimeSeconds', phase2LifetimeSeconds, fault);
  }
  if (rekeyMarginTimeSeconds > phase2LifetimeSeconds / 2) {
    const fault = `It must be at most half the lifetime of phase 2, ${phase2LifetimeSeconds}.`;
    throw badOption('rekeyMarginTimeSeconds', rekeyMarginTimeSeconds, fault);
  }
  const { startupAction, ikeVersions } = others;
  if (startupAction !== 'start') return;
  if (ipAddress !== undefined && ikeVersions.includes('ikev2')) return;
  const fault = 'To start, AWS needs IKEv2 and a customer gateway with an address.';
  throw badOption('startupAction', startupAction, fault);
}

function badOption(name: keyof TunnelOptions, value: unknown, why: string): AwsError {
  const parameter = name.charAt(0).toUpperCase() + name.slice(1);
  const message = `Value (${value}) for parameter ${parameter} is invalid. ${why}`;
  return awsError('InvalidParameterValue', message);
}
