/** EC2 behind the door: its handlers, for accounts that exist from their first call on. */
import type { Cloud } from '../../control/cloud.ts';
import { loadModel } from '../protocol/model.ts';
import type { AnyHandler, Service } from '../service.ts';
import { ec2Handlers } from './handlers.ts';

export function createEc2Service(): Service<Cloud> {
  return { model: loadModel('ec2'), handlers: ec2Handlers as Record<string, AnyHandler<Cloud>> };
}
