import { describe, expect, it } from 'vitest';
import { testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  lookAtAttachment,
  lookAtTransitGateway,
  makeTransitGateway,
} from '../../../../test/support/transit-fixture.ts';

describe('CreateTransitGatewayVpcAttachment', () => {
  it('C-001 C-025 gateway, attachment and default table pass through their states', async () => {
    const { ec2, advance, cloud } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    expect((await lookAtTransitGateway(client, gateway)).State).toBe('pending');
    await advance(50);
    expect((await lookAtTransitGateway(client, gateway)).State).toBe('available');
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    expect((await lookAtAttachment(client, attachmentId)).State).toBe('pending');
    await advance(50);
    expect((await lookAtAttachment(client, attachmentId)).State).toBe('available');
    const table = await defaultTable(client, gateway);
    expect(cloud.model.by('transit-gateway-route', 'table', table)).toMatchObject([
      { type: 'propagated', attachmentId, suppressed: false },
    ]);
    await client.createTransitGatewayRoute({
      DestinationCidrBlock: '0.0.0.0/0',
      TransitGatewayRouteTableId: table,
      TransitGatewayAttachmentId: attachmentId,
    });
  });
});
