/** What a random route leads to. */
import type { TargetRequest } from '../../../src/control/vpc/route-target.ts';
import { any, type Builder } from '../builder.ts';

export function randomTarget(builder: Builder, vpcId: string): TargetRequest | undefined {
  const { random, cloud } = builder;
  switch (random.below(8)) {
    case 0: {
      const gateway = cloud.model.first('internet-gateway', 'vpc', vpcId);
      return gateway && { kind: 'gateway', id: gateway.id };
    }
    case 1: {
      const connection = any(
        builder,
        'vpc-peering-connection',
        ({ requester, accepter }) => requester.vpcId === vpcId || accepter.vpcId === vpcId,
      );
      return connection && { kind: 'vpc-peering-connection', id: connection.id };
    }
    case 2: {
      const gateway = any(builder, 'natgateway', (one) => one.vpcId === vpcId);
      return gateway && { kind: 'nat-gateway', id: gateway.id };
    }
    case 3: {
      const kind = 'egress-only-internet-gateway';
      const gateway = cloud.model.first(kind, 'vpc', vpcId);
      return gateway && { kind, id: gateway.id };
    }
    case 4: {
      const attachment = cloud.model.first('transit-gateway-attachment', 'vpc', vpcId);
      return attachment && { kind: 'transit-gateway', id: attachment.transitGatewayId };
    }
    default: {
      // Those that forward are the ones that make a difference.
      const open = random.chance(0.8);
      const eni =
        any(
          builder,
          'network-interface',
          (one) => one.vpcId === vpcId && one.sourceDestCheck !== open,
        ) ?? any(builder, 'network-interface', (one) => one.vpcId === vpcId);
      return eni && { kind: 'network-interface', id: eni.id };
    }
  }
}
