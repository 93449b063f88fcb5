/** What can be shared, and what a share permits: requests to tables, rows to answers. */
import { findShare } from '../../control/sharing/find-share.ts';
import { findPermission } from '../../control/sharing/permission.ts';
import { resourcePolicy } from '../../control/sharing/resource-policy.ts';
import { awsError } from '../../model/error.ts';
import { SHAREABLE_TYPES, typeOfPermission } from '../../model/sharing/shareable.ts';
import type { RamCall, RamHandlersOf } from './operations.ts';
import { parseResourceType, ramPage } from './request.ts';
import { PERMISSION_VERSION, permissionView } from './view.ts';

type Operation =
  | 'ListResourceTypes'
  | 'ListPermissions'
  | 'GetPermission'
  | 'ListResourceSharePermissions'
  | 'GetResourcePolicies'
  | 'EnableSharingWithAwsOrganization';

const TYPES = SHAREABLE_TYPES.map((type) => ({ ...type, id: type.name }));

export const permissionHandlers = {
  ListResourceTypes({ input }) {
    const { records, nextToken } = ramPage(
      input.resourceRegionScope === 'GLOBAL' ? [] : TYPES,
      input,
    );
    const resourceTypes = records.map(({ name, service }) => {
      return { resourceType: name, serviceName: service, resourceRegionScope: 'REGIONAL' } as const;
    });
    return { resourceTypes, nextToken };
  },

  ListPermissions({ input }) {
    const type = parseResourceType(input.resourceType);
    // Customers' own permissions cannot be made here.
    const isAny = input.permissionType !== 'CUSTOMER_MANAGED';
    const matching = TYPES.filter(
      ({ name }) => isAny && (type === undefined || name === type.name),
    );
    const { records, nextToken } = ramPage(matching, input);
    return {
      permissions: records.map((one) => ({ ...permissionView(one), status: 'ATTACHABLE' })),
      nextToken,
    };
  },

  GetPermission({ input }) {
    const { permissionArn, permissionVersion = PERMISSION_VERSION } = input;
    const type = findPermission(permissionArn);
    if (permissionVersion !== PERMISSION_VERSION) {
      const message = `Version ${permissionVersion} of ${permissionArn} could not be found.`;
      throw awsError('UnknownResourceException', message);
    }
    const permission = JSON.stringify({ Effect: 'Allow', Action: type.actions });
    return { permission: { ...permissionView(type), status: 'ATTACHABLE', permission } };
  },

  ListResourceSharePermissions({ input, caller, cloud: { model } }) {
    const { permissionArns } = findShare(model, caller, input.resourceShareArn);
    const types = permissionArns.flatMap((arn) => typeOfPermission(arn) ?? []);
    const { records, nextToken } = ramPage(
      types.map((type) => ({ ...type, id: type.name })),
      input,
    );
    return {
      permissions: records.map((one) => ({ ...permissionView(one), status: 'ASSOCIATED' })),
      nextToken,
    };
  },

  GetResourcePolicies: getPolicies,

  EnableSharingWithAwsOrganization({ caller: { account } }) {
    const message = `The account ${account} is not in an organization: openvpc has none.`;
    throw awsError('OperationNotPermittedException', message);
  },
} satisfies RamHandlersOf<Operation>;

function getPolicies({ input, caller, cloud: { model } }: RamCall<'GetResourcePolicies'>) {
  const { resourceArns, principal } = input;
  const policies = [...new Set(resourceArns)].flatMap((arn) => {
    const document = resourcePolicy(model, caller, arn, principal);
    return document === undefined ? [] : [{ id: arn, document }];
  });
  const { records, nextToken } = ramPage(policies, input);
  return { policies: records.map(({ document }) => JSON.stringify(document)), nextToken };
}
