/** EC2 behind the door: its handlers, for accounts that exist from their first call on. */
import { ensureAccount } from '../../control/account.ts';
import type { Cloud } from '../../control/cloud.ts';
import { loadModel } from '../protocol/model.ts';
import type { AnyHandler, Call, Service } from '../service.ts';
import { classicLinkHandlers } from './classic-link.ts';
import { ec2Handlers } from './handlers.ts';

export function createEc2Service(): Service<Cloud> {
  const handlers = Object.entries(ec2Handlers as Record<string, AnyHandler<Cloud>>);
  return {
    model: loadModel('ec2'),
    handlers: {
      ...classicLinkHandlers,
      ...Object.fromEntries(handlers.map(([name, handler]) => [name, withAccount(handler)])),
    },
  };
}

function withAccount(handler: AnyHandler<Cloud>): AnyHandler<Cloud> {
  return async (call: Call<never, Cloud>) => {
    await ensureAccount(call.cloud, call.caller);
    return handler(call);
  };
}
