/** What a request asks of a tunnel: its strings as values of the model (H-015 to H-020). */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { TunnelRequest } from '../../../control/hybrid/tunnel.ts';
import { awsError } from '../../../model/error.ts';
import {
  DPD_TIMEOUT_ACTIONS,
  ENCRYPTION_ALGORITHMS,
  IKE_VERSIONS,
  INTEGRITY_ALGORITHMS,
  PHASE1_DH_GROUPS,
  PHASE2_DH_GROUPS,
  STARTUP_ACTIONS,
  type TunnelOptions,
} from '../../../model/hybrid/tunnel-options.ts';
import { invalidValue, parseChoice, parseCidr4Parameter, parseCidr6Parameter } from '../parse.ts';

type TunnelInput = Readonly<Sdk.VpnTunnelOptionsSpecification>;

export function parseTunnel(input: TunnelInput): TunnelRequest {
  refuseLogs(input.LogOptions);
  const { TunnelInsideCidr, TunnelInsideIpv6Cidr, PreSharedKey } = input;
  const { EnableTunnelLifecycleControl } = input;
  return {
    ...(TunnelInsideCidr !== undefined && {
      insideCidr: parseCidr4Parameter('TunnelInsideCidr', TunnelInsideCidr),
    }),
    ...(TunnelInsideIpv6Cidr !== undefined && {
      insideIpv6Cidr: parseCidr6Parameter('TunnelInsideIpv6Cidr', TunnelInsideIpv6Cidr),
    }),
    ...(PreSharedKey !== undefined && { preSharedKey: PreSharedKey }),
    options: { ...parseNumbers(input), ...parseActions(input), ...parseLists(input) },
    ...(EnableTunnelLifecycleControl !== undefined && {
      lifecycleControl: EnableTunnelLifecycleControl,
    }),
  };
}

/** There is nothing that a tunnel could write to. */
function refuseLogs(logs: TunnelInput['LogOptions']): void {
  const { LogEnabled, BgpLogEnabled } = logs?.CloudWatchLogOptions ?? {};
  if (!LogEnabled && !BgpLogEnabled) return;
  throw awsError('UnsupportedOperation', 'The parameter LogOptions is not supported.');
}

function parseNumbers(input: TunnelInput): Partial<TunnelOptions> {
  return {
    ...named('phase1LifetimeSeconds', input.Phase1LifetimeSeconds),
    ...named('phase2LifetimeSeconds', input.Phase2LifetimeSeconds),
    ...named('rekeyMarginTimeSeconds', input.RekeyMarginTimeSeconds),
    ...named('rekeyFuzzPercentage', input.RekeyFuzzPercentage),
    ...named('replayWindowSize', input.ReplayWindowSize),
    ...named('dpdTimeoutSeconds', input.DPDTimeoutSeconds),
  };
}

function parseActions({ DPDTimeoutAction, StartupAction }: TunnelInput): Partial<TunnelOptions> {
  return {
    ...(DPDTimeoutAction !== undefined && {
      dpdTimeoutAction: parseChoice('DPDTimeoutAction', DPDTimeoutAction, DPD_TIMEOUT_ACTIONS),
    }),
    ...(StartupAction !== undefined && {
      startupAction: parseChoice('StartupAction', StartupAction, STARTUP_ACTIONS),
    }),
  };
}

function parseLists(input: TunnelInput): Partial<TunnelOptions> {
  const encryption = ENCRYPTION_ALGORITHMS;
  const integrity = INTEGRITY_ALGORITHMS;
  const phase1Encryption = list(input, 'Phase1EncryptionAlgorithms', encryption);
  const phase2Encryption = list(input, 'Phase2EncryptionAlgorithms', encryption);
  const phase1Integrity = list(input, 'Phase1IntegrityAlgorithms', integrity);
  const phase2Integrity = list(input, 'Phase2IntegrityAlgorithms', integrity);
  return {
    ...named('phase1EncryptionAlgorithms', phase1Encryption),
    ...named('phase2EncryptionAlgorithms', phase2Encryption),
    ...named('phase1IntegrityAlgorithms', phase1Integrity),
    ...named('phase2IntegrityAlgorithms', phase2Integrity),
    ...named('phase1DhGroupNumbers', list(input, 'Phase1DHGroupNumbers', PHASE1_DH_GROUPS)),
    ...named('phase2DhGroupNumbers', list(input, 'Phase2DHGroupNumbers', PHASE2_DH_GROUPS)),
    ...named('ikeVersions', list(input, 'IKEVersions', IKE_VERSIONS)),
  };
}

/** The option under its name if the request has it. */
function named<Name extends keyof TunnelOptions>(
  name: Name,
  value: TunnelOptions[Name] | undefined,
): Partial<Pick<TunnelOptions, Name>> {
  return value === undefined ? {} : ({ [name]: value } as Pick<TunnelOptions, Name>);
}

type ListName = {
  [Name in keyof TunnelInput]-?: NonNullable<TunnelInput[Name]> extends readonly unknown[]
    ? Name
    : never;
}[keyof TunnelInput];

/**
 * The values of a list, each once, in the order in which AWS tries them: from the lowest up,
 * whatever order they are given in (H-016). An empty list is none.
 */
function list<const V extends string | number>(
  input: TunnelInput,
  name: ListName,
  choices: readonly V[],
): readonly V[] | undefined {
  const values = input[name]?.map(({ Value }) => {
    const value = choices.find((choice) => choice === Value);
    if (value !== undefined) return value;
    throw invalidValue(name, Value, `Valid values are: ${choices.join(', ')}.`);
  });
  if (values === undefined || values.length === 0) return undefined;
  return choices.filter((choice) => values.includes(choice));
}
