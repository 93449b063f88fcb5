/** The one attribute of an elastic address: its reverse name. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, owned } from '../../control/scope.ts';
import { setPtrRecord } from '../../control/vpc/elastic-address.ts';
import type { ElasticAddress } from '../../model/vpc/elastic-address.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { describe } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { invalidValue, parseChoice, required } from './parse.ts';

export const addressAttributeHandlers = {
  async ModifyAddressAttribute({ input, caller, cloud, dryRun }) {
    const ptrRecord = parseDomainName(required('domainName', input.DomainName));
    const record = await cloud.execute(
      (tx) => setPtrRecord(tx, caller, input.AllocationId, ptrRecord),
      { dryRun },
    );
    return { Address: attributeView(record) };
  },

  async ResetAddressAttribute({ input, caller, cloud, dryRun }) {
    parseChoice('attribute', input.Attribute, ['domain-name']);
    const record = await cloud.execute(
      (tx) => setPtrRecord(tx, caller, input.AllocationId, undefined),
      { dryRun },
    );
    return { Address: attributeView(record) };
  },

  DescribeAddressesAttribute: describeAttributes,
} satisfies Ec2HandlersOf<`${'Modify' | 'Reset'}AddressAttribute` | 'DescribeAddressesAttribute'>;

/** RFC 1035 2.3.1; absolute, as a PTR record holds it. */
function parseDomainName(text: string): string {
  const name = text.replace(/\.$/, '');
  const isName =
    name.length <= 253 && /^[a-z0-9_]([a-z0-9_-]{0,62}\.)*[a-z0-9_-]{1,63}$/i.test(name);
  if (!isName || !name.includes('.')) {
    throw invalidValue('domainName', text, 'This is not a domain name.');
  }
  return `${name}.`;
}

function describeAttributes({ input, caller, cloud }: Ec2Call<'DescribeAddressesAttribute'>) {
  if (input.Attribute !== undefined) parseChoice('attribute', input.Attribute, ['domain-name']);
  const ids = [...new Set(input.AllocationIds ?? [])];
  const named = ids.map((id) => find(cloud.model, caller, 'elastic-ip', id));
  const all = named.length > 0 ? named : owned(cloud.model, caller, 'elastic-ip');
  const { records, nextToken } = describe<ElasticAddress>(input, {
    // Addresses without a name of their own have nothing to show.
    records: all.filter(({ ptrRecord }) => ptrRecord !== undefined),
    filters: {},
    page: { min: 1, max: 1000 },
  });
  return { Addresses: records.map(attributeView), NextToken: nextToken };
}

function attributeView({ id, publicIp, ptrRecord }: ElasticAddress): Sdk.AddressAttribute {
  return {
    AllocationId: id,
    PublicIp: formatIpv4(publicIp),
    ...(ptrRecord === undefined ? {} : { PtrRecord: ptrRecord }),
  };
}
