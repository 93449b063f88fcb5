/** What a DHCP option set may say (API reference of CreateDhcpOptions). */
import { type AwsError, awsError } from '../../model/error.ts';
import { AMAZON_DNS, type DhcpConfiguration } from '../../model/vpc/dhcp-options.ts';
import { type Ip, isIpv4, parseIp } from '../../net/ip.ts';

type Check = (values: readonly string[], key: string) => void;

const SERVERS_MAX = 4;
/** Seconds. */
const LEASE = { min: 140, max: 2_147_483_647 };

const CHECKS: Readonly<Record<string, Check>> = {
  'domain-name': (values, key) => {
    const [name = ''] = values;
    if (values.length === 1 && /^[A-Za-z0-9._ -]{1,255}$/.test(name)) return;
    throw invalid(key, values, 'It must be one domain name.');
  },
  'domain-name-servers': (values, key) => {
    checkMost(values, key, SERVERS_MAX);
    addressesOf(
      values.filter((value) => value !== AMAZON_DNS),
      key,
    );
  },
  'ntp-servers': (values, key) => {
    const addresses = addressesOf(values, key);
    const ipv4 = addresses.filter(isIpv4).length;
    if (ipv4 <= SERVERS_MAX && addresses.length - ipv4 <= SERVERS_MAX) return;
    throw invalid(key, values, `There may be ${SERVERS_MAX} addresses of each family.`);
  },
  'netbios-name-servers': (values, key) => {
    checkMost(values, key, SERVERS_MAX);
    if (addressesOf(values, key).every(isIpv4)) return;
    throw invalid(key, values, 'These must be IPv4 addresses.');
  },
  'netbios-node-type': (values, key) => {
    if (values.length === 1 && ['1', '2', '4', '8'].includes(values[0]!)) return;
    throw invalid(key, values, 'It must be 1, 2, 4 or 8.');
  },
  'ipv6-address-preferred-lease-time': (values, key) => {
    const [text = ''] = values;
    const seconds = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    if (values.length === 1 && seconds >= LEASE.min && seconds <= LEASE.max) return;
    throw invalid(key, values, `It must be between ${LEASE.min} and ${LEASE.max} seconds.`);
  },
};

/** @throws AwsError MissingParameter, InvalidParameterValue */
export function checkConfigurations(configurations: readonly DhcpConfiguration[]): void {
  if (configurations.length === 0) {
    const message = 'The request must contain the parameter dhcpConfigurations';
    throw awsError('MissingParameter', message);
  }
  const keys = new Set<string>();
  for (const { key, values } of configurations) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined;
    if (check === undefined) {
      const message = `Value (${key}) for parameter name is invalid. Unknown DHCP option`;
      throw awsError('InvalidParameterValue', message);
    }
    if (keys.has(key)) throw invalid(key, values, 'The option is given more than once.');
    keys.add(key);
    if (values.length === 0) throw invalid(key, values, 'It needs a value.');
    check(values, key);
  }
}

function checkMost(values: readonly string[], key: string, most: number): void {
  if (values.length <= most) return;
  throw invalid(key, values, `There may be ${most} of them.`);
}

function addressesOf(values: readonly string[], key: string): Ip[] {
  return values.map((value) => {
    const address = parseIp(value);
    if (address === undefined) throw invalid(key, [value], 'This is not a valid IP address.');
    return address;
  });
}

function invalid(key: string, values: readonly string[], why: string): AwsError {
  const message = `Value (${values.join(', ')}) for parameter ${key} is invalid. ${why}`;
  return awsError('InvalidParameterValue', message);
}
