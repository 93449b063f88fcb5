/** Searching the routes of a transit gateway's table (C-076 to C-080). */
import type * as Sdk from '@aws-sdk/client-ec2';
import { availableTable } from '../../../control/transit-gateway/find.ts';
import {
  type RouteMatch,
  type RouteSearch,
  searchRoutes,
} from '../../../control/transit-gateway/search-routes.ts';
import type { ShownRoute } from '../../../control/transit-gateway/shown-route.ts';
import { awsError } from '../../../model/error.ts';
import type { ModelReader } from '../../../model/model.ts';
import { type Cidr, hostCidr, parseCidr } from '../../../net/cidr.ts';
import { parseIp } from '../../../net/ip.ts';
import {
  checkFilterCount,
  checkValueCount,
  type DescribeInput,
  describe,
  type FiltersOf,
} from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { invalidValue } from '../parse.ts';
import { scopeOf } from '../view.ts';
import { resourceView } from './resource.ts';
import { routeView, shownState } from './route.ts';

export const transitGatewayRouteSearchHandlers = {
  SearchTransitGatewayRoutes({ input, caller, cloud: { model } }) {
    const { TransitGatewayRouteTableId: tableId, Filters, MaxResults = PAGE.max, ...rest } = input;
    checkFilterCount(Filters);
    const searches = Filters.flatMap(searchOf);
    const others = Filters.filter(({ Name }) => matchOf(Name) === undefined);
    const { records, nextToken } = describe(
      { ...rest, MaxResults, Filters: others },
      {
        records: searchRoutes(model, scopeOf(caller), tableId, searches),
        filters: filters(model),
        page: PAGE,
      },
    );
    return {
      Routes: records.map((route) => routeView(model, route)),
      AdditionalRoutesAvailable: nextToken !== undefined,
      NextToken: nextToken,
    };
  },

  ExportTransitGatewayRoutes({
    input,
    caller,
    cloud: { model },
  }): Sdk.ExportTransitGatewayRoutesResult {
    availableTable(model, scopeOf(caller), input.TransitGatewayRouteTableId);
    const message =
      `Routes cannot be exported to the bucket '${input.S3Bucket}': openvpc has no S3. ` +
      'SearchTransitGatewayRoutes answers the same routes.';
    throw awsError('UnsupportedOperation', message);
  },
} satisfies Ec2HandlersOf<'SearchTransitGatewayRoutes' | 'ExportTransitGatewayRoutes'>;

/** C-080 */
const PAGE = { min: 5, max: 1000 };

const MATCHES: Readonly<Record<string, RouteMatch>> = {
  'route-search.exact-match': 'exact',
  'route-search.longest-prefix-match': 'longest-prefix',
  'route-search.subnet-of-match': 'subnet-of',
  'route-search.supernet-of-match': 'supernet-of',
};

/** What a filter says of destinations; the others are judged route by route. */
function searchOf({
  Name = '',
  Values = [],
}: NonNullable<DescribeInput['Filters']>[number]): RouteSearch[] {
  const match = matchOf(Name);
  if (match === undefined) return [];
  checkValueCount(Name, Values);
  return [{ match, blocks: Values.map((value) => parseBlock(Name, value)) }];
}

function matchOf(name = ''): RouteMatch | undefined {
  return Object.hasOwn(MATCHES, name) ? MATCHES[name] : undefined;
}

/** A block, or an address alone (C-078). */
function parseBlock(filter: string, text: string): Cidr {
  const address = parseIp(text);
  const block = address === undefined ? parseCidr(text) : hostCidr(address);
  if (block === undefined) throw invalidValue(filter, text, 'This is not a valid CIDR block.');
  return block;
}

/** C-076 */
function filters(reader: ModelReader): FiltersOf<ShownRoute> {
  const resourcesOf = ({ attachmentIds, transitGatewayId }: ShownRoute) =>
    attachmentIds.map((attachmentId) => resourceView(reader, { attachmentId, transitGatewayId }));
  return {
    'attachment.resource-id': (route) =>
      resourcesOf(route).flatMap(({ ResourceId }) => ResourceId ?? []),
    'attachment.resource-type': (route) =>
      resourcesOf(route).flatMap(({ ResourceType }) => ResourceType ?? []),
    'attachment.transit-gateway-attachment-id': ({ attachmentIds }) => attachmentIds,
    'prefix-list-id': ({ prefixListId }) => prefixListId,
    state: (route) => shownState(reader, route),
    type: ({ type }) => type,
  };
}
