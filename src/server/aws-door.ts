/** The door of this server: every AWS service there is, over one cloud. */
import { randomUUID } from 'node:crypto';
import { createDirectConnectService } from '../aws/directconnect/service.ts';
import { createDoor, type Door } from '../aws/door.ts';
import { createEc2Service } from '../aws/ec2/service.ts';
import { createRamService } from '../aws/ram/service.ts';
import { createVerifier } from '../aws/sigv4/verify.ts';
import { createSts } from '../aws/sts/handlers.ts';
import type { Cloud } from '../control/cloud.ts';
import { isRegion } from '../model/region.ts';
import type { Configuration } from './configuration.ts';
import { createCredentialStore } from './credential-store.ts';
import { micros, realNow } from './event-loop.ts';
import { type CallEvent, callEvent } from './events/call-event.ts';

export interface AwsDoorOptions {
  readonly cloud: Cloud;
  readonly configuration: Configuration;
  readonly onCall: (call: CallEvent) => void;
  readonly onDefect: (error: unknown, requestId: string) => void;
}

export function createAwsDoor({ cloud, configuration, onCall, onDefect }: AwsDoorOptions): Door {
  const credentials = createCredentialStore(cloud);
  // Callers sign by their own clocks, which do not follow `clock advance`.
  const secrets = configuration['sigv4-keys'];
  const verify = createVerifier({ secrets, credentials, now: realNow });
  const begun = new Map<string, number>();
  return createDoor<Cloud>({
    services: [
      createEc2Service(),
      createSts<Cloud>(credentials),
      createRamService(),
      createDirectConnectService(),
    ],
    cloud,
    credentials,
    isRegion,
    // The first thing the door wants of a request.
    newRequestId: () => {
      const id = randomUUID();
      begun.set(id, micros());
      return id;
    },
    ...(configuration.sigv4 === 'enforce' && { verify }),
    onDefect,
    onAnswered: (call) => {
      const millis = (micros() - (begun.get(call.requestId) ?? 0)) / 1000;
      begun.delete(call.requestId);
      onCall(callEvent(call, Math.round(millis * 1000) / 1000));
    },
  });
}
