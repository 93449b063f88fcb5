/** Customer gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  type CreateCustomerGateway,
  createCustomerGateway,
  deleteCustomerGateway,
} from '../../../control/hybrid/customer-gateway.ts';
import { awsError } from '../../../model/error.ts';
import {
  type CustomerGateway,
  DEFAULT_CUSTOMER_ASN,
  SHORT_ASN_MAX,
} from '../../../model/hybrid/customer-gateway.ts';
import { GATEWAY_TYPE } from '../../../model/hybrid/gateway-type.ts';
import { DESCRIPTION_LENGTH } from '../../../model/limits.ts';
import { formatIp, type Ip, ipEquals } from '../../../net/ip.ts';
import type { FiltersOf } from '../describe.ts';
import { describeOwned } from '../describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import {
  missingParameter,
  parseChoice,
  parseIpParameter,
  parseTagSpecifications,
  parseText,
  parseWithin,
} from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';

const KIND = 'customer-gateway';

export const customerGatewayHandlers = {
  async CreateCustomerGateway({ input, caller, cloud, dryRun }) {
    const request = parseCreate(input);
    const view = await cloud.execute(
      (tx) => customerGatewayView(viewIn(tx, caller), createCustomerGateway(tx, caller, request)),
      { dryRun },
    );
    return { CustomerGateway: view };
  },

  async DeleteCustomerGateway({ input, caller, cloud, dryRun }) {
    const id = input.CustomerGatewayId;
    await cloud.execute((tx) => deleteCustomerGateway(tx, caller, id), { dryRun });
    return {};
  },

  DescribeCustomerGateways({ input, caller, cloud }) {
    const { records } = describeOwned(input, cloud.model, caller, {
      kind: KIND,
      ids: input.CustomerGatewayIds,
      filters: FILTERS,
    });
    const view = viewOf(cloud, caller);
    return { CustomerGateways: records.map((record) => customerGatewayView(view, record)) };
  },
} satisfies Ec2HandlersOf<`${'Create' | 'Delete'}CustomerGateway` | 'DescribeCustomerGateways'>;

type CreateInput = Ec2Call<'CreateCustomerGateway'>['input'];

function parseCreate(input: CreateInput): CreateCustomerGateway {
  parseChoice('type', input.Type, [GATEWAY_TYPE]);
  const ipAddress = parseAddress(input);
  const certificateArn = parseText('certificateArn', input.CertificateArn, DESCRIPTION_LENGTH);
  // H-003
  if (ipAddress === undefined && certificateArn === '') throw missingParameter('ipAddress');
  const deviceName = parseText('deviceName', input.DeviceName, DESCRIPTION_LENGTH);
  return {
    bgpAsn: parseAsn(input),
    ...(ipAddress !== undefined && { ipAddress }),
    ...(certificateArn !== '' && { certificateArn }),
    ...(deviceName !== '' && { deviceName }),
    tags: parseTagSpecifications(input.TagSpecifications, KIND),
  };
}

/** H-003: PublicIp is the old name of IpAddress. */
function parseAddress({ IpAddress, PublicIp }: CreateInput): Ip | undefined {
  const [address, old] = [IpAddress, PublicIp].map((text) => {
    return text === undefined || text === '' ? undefined : parseIpParameter('ipAddress', text);
  });
  if (address !== undefined && old !== undefined && !ipEquals(address, old)) {
    const message = 'The parameters IpAddress and PublicIp name different addresses.';
    throw awsError('InvalidParameterCombination', message);
  }
  return address ?? old;
}

/** H-002 */
function parseAsn({ BgpAsn, BgpAsnExtended }: CreateInput): number {
  if (BgpAsn !== undefined && BgpAsnExtended !== undefined) {
    const message = 'The parameters BgpAsn and BgpAsnExtended cannot be used together.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (BgpAsnExtended !== undefined) {
    return parseWithin('bgpAsnExtended', BgpAsnExtended, SHORT_ASN_MAX + 1, 0xffff_ffff);
  }
  return BgpAsn === undefined
    ? DEFAULT_CUSTOMER_ASN
    : parseWithin('bgpAsn', BgpAsn, 1, SHORT_ASN_MAX);
}

/** The filters of DescribeCustomerGateways, as its reference lists them. */
const FILTERS: FiltersOf<CustomerGateway> = {
  'bgp-asn': ({ bgpAsn }) => bgpAsn,
  'customer-gateway-id': ({ id }) => id,
  'ip-address': ({ ipAddress }) => ipAddress && formatIp(ipAddress),
  state: ({ state }) => state,
  type: () => GATEWAY_TYPE,
};

function customerGatewayView({ tags }: View, gateway: CustomerGateway): Sdk.CustomerGateway {
  const { id, state, bgpAsn, ipAddress, certificateArn, deviceName } = gateway;
  return {
    CustomerGatewayId: id,
    State: state,
    Type: GATEWAY_TYPE,
    ...(bgpAsn > SHORT_ASN_MAX ? { BgpAsnExtended: String(bgpAsn) } : { BgpAsn: String(bgpAsn) }),
    ...(ipAddress !== undefined && { IpAddress: formatIp(ipAddress) }),
    CertificateArn: certificateArn,
    DeviceName: deviceName,
    Tags: tagList(tags(id)),
  };
}
