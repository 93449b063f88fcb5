/** The AWS door in this process: everything a call passes but the socket and the disk. */
import { createMemoryCredentialStore } from '../../src/aws/credentials.ts';
import { createDoor } from '../../src/aws/door.ts';
import { createEc2Service } from '../../src/aws/ec2/service.ts';
import { isRegion } from '../../src/model/region.ts';
import { Random } from '../../src/net/random.ts';
import type { Lab } from '../../src/server/lab.ts';
import { type Parameters, requestOf } from './query.ts';

/** Makes one call; throws what AWS's error says. */
export type CallDoor = (action: string, parameters: Parameters) => Promise<string>;

export function openDoor({ cloud }: Lab): CallDoor {
  const random = new Random(1);
  const door = createDoor({
    services: [createEc2Service()],
    cloud,
    credentials: createMemoryCredentialStore(random, () => cloud.now()),
    isRegion,
    newRequestId: () => random.hex(32),
    onDefect: (error) => {
      throw error;
    },
  });
  return async (action, parameters) => {
    const { status, body } = await door(requestOf(action, parameters));
    if (status !== 200) throw new Error(`${action}: ${body}`);
    return body;
  };
}
