import type { ModifyTransitGatewayOptions } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, REGION, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  lookAtAttachment,
  lookAtTransitGateway,
  makeTable,
  makeTransitGateway,
  peerGateways,
  tablesOf,
} from '../../../../test/support/transit-fixture.ts';

describe('ModifyTransitGateway', () => {
  it('C-001 is modifying, then available, with what was asked for at once', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const id = await makeTransitGateway(ec2());
    await advance(50);
    const { TransitGateway } = await ec2().modifyTransitGateway({
      TransitGatewayId: id,
      Description: 'new',
      Options: {
        AmazonSideAsn: 65001,
        DnsSupport: 'disable',
        VpnEcmpSupport: 'disable',
        AutoAcceptSharedAttachments: 'enable',
        SecurityGroupReferencingSupport: 'enable',
        AddTransitGatewayCidrBlocks: ['10.99.0.0/24'],
      },
    });
    const changed = {
      Description: 'new',
      Options: {
        AmazonSideAsn: 65001,
        DnsSupport: 'disable',
        VpnEcmpSupport: 'disable',
        AutoAcceptSharedAttachments: 'enable',
        SecurityGroupReferencingSupport: 'enable',
        TransitGatewayCidrBlocks: ['10.99.0.0/24'],
        DefaultRouteTableAssociation: 'enable',
      },
    };
    expect(TransitGateway).toMatchObject({ ...changed, State: 'modifying' });
    await advance(50);
    const now = await lookAtTransitGateway(ec2(), id);
    expect(now).toMatchObject({ ...changed, State: 'available' });
  });

  it('C-001 waits until the gateway is available', async () => {
    const { ec2 } = await testCloud({ transitions: 'fast' });
    const id = await makeTransitGateway(ec2());
    await expectError(
      ec2().modifyTransitGateway({ TransitGatewayId: id }),
      'IncorrectState',
      `${id} is in invalid state`,
    );
  });

  it('C-005 changes the ASN while VPCs are attached', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    await attachNewVpc(ec2(), id, '10.0.0.0/16');
    const Options = { AmazonSideAsn: 65002 };
    await ec2().modifyTransitGateway({ TransitGatewayId: id, Options });
    expect((await lookAtTransitGateway(ec2(), id)).Options!.AmazonSideAsn).toBe(65002);
  });

  it('C-008 replaces a block', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2(), { TransitGatewayCidrBlocks: ['10.99.0.0/24'] });
    await ec2().modifyTransitGateway({
      TransitGatewayId: id,
      Options: {
        AddTransitGatewayCidrBlocks: ['10.99.0.0/23'],
        RemoveTransitGatewayCidrBlocks: ['10.99.0.0/24'],
      },
    });
    const { Options } = await lookAtTransitGateway(ec2(), id);
    expect(Options!.TransitGatewayCidrBlocks).toEqual(['10.99.0.0/23']);
  });

  it.each<[string, ModifyTransitGatewayOptions]>([
    ['C-004 a public ASN', { AmazonSideAsn: 1 }],
    ['C-008 a block of an attached VPC', { AddTransitGatewayCidrBlocks: ['10.0.4.0/24'] }],
    ['C-008 a block it has', { AddTransitGatewayCidrBlocks: ['10.99.0.0/24'] }],
    ['C-008 removing what it has not', { RemoveTransitGatewayCidrBlocks: ['10.98.0.0/24'] }],
  ])('%s is refused', async (_what, Options) => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2(), { TransitGatewayCidrBlocks: ['10.99.0.0/24'] });
    await attachNewVpc(ec2(), id, '10.0.0.0/16');
    const before = await lookAtTransitGateway(ec2(), id);
    const call = ec2().modifyTransitGateway({ TransitGatewayId: id, Options });
    await expectError(call, 'InvalidParameterValue');
    expect(await lookAtTransitGateway(ec2(), id)).toEqual(before);
  });

  it('C-007 C-055 names another default table', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const table = await makeTable(ec2(), id);
    await ec2().modifyTransitGateway({
      TransitGatewayId: id,
      Options: { AssociationDefaultRouteTableId: table },
    });
    const [first, second] = await tablesOf(ec2(), id);
    expect([first!.DefaultAssociationRouteTable, first!.DefaultPropagationRouteTable]).toEqual([
      false,
      true,
    ]);
    expect([second!.DefaultAssociationRouteTable, second!.DefaultPropagationRouteTable]).toEqual([
      true,
      false,
    ]);
  });

  it('C-007 a default that is switched off has no table, and gets one when it is on', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const set = (association: 'enable' | 'disable', propagation: 'enable' | 'disable') =>
      ec2().modifyTransitGateway({
        TransitGatewayId: id,
        Options: {
          DefaultRouteTableAssociation: association,
          DefaultRouteTablePropagation: propagation,
        },
      });
    const off = await set('disable', 'disable');
    expect(off.TransitGateway!.Options!.AssociationDefaultRouteTableId).toBeUndefined();
    expect(off.TransitGateway!.Options!.PropagationDefaultRouteTableId).toBeUndefined();
    const on = await set('enable', 'disable');
    const table = on.TransitGateway!.Options!.AssociationDefaultRouteTableId;
    expect(await tablesOf(ec2(), id)).toHaveLength(2);
    const both = await set('enable', 'enable');
    expect(both.TransitGateway!.Options!.PropagationDefaultRouteTableId).toBe(table);
  });

  it('C-055 a default that is off has no table to name', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2(), { DefaultRouteTableAssociation: 'disable' });
    const call = ec2().modifyTransitGateway({
      TransitGatewayId: id,
      Options: { AssociationDefaultRouteTableId: await makeTable(ec2(), id) },
    });
    await expectError(call, 'InvalidParameterCombination');
  });

  it('C-059 C-060 a default table is one of the gateway’s own', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const foreign = await makeTable(ec2(), await makeTransitGateway(ec2()));
    const name = (table: string) =>
      ec2().modifyTransitGateway({
        TransitGatewayId: id,
        Options: { PropagationDefaultRouteTableId: table },
      });
    await expectError(name('tgw-rtb-0123456789abcdef0'), 'InvalidRouteTableID.NotFound');
    await expectError(name('rtb-1'), 'InvalidRouteTableId.Malformed');
    await expectError(name(foreign), 'InvalidParameterValue');
    await ec2().deleteTransitGatewayRouteTable({ TransitGatewayRouteTableId: foreign });
    const own = await makeTable(ec2(), id);
    await ec2().deleteTransitGatewayRouteTable({ TransitGatewayRouteTableId: own });
    await expectError(name(own), 'InvalidRouteTableID.NotFound');
  });

  it('C-010 options are for new attachments; one is switched off everywhere', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2(), { SecurityGroupReferencingSupport: 'enable' });
    const { attachmentId } = await attachNewVpc(ec2(), id, '10.0.0.0/16');
    const set = (Options: ModifyTransitGatewayOptions) =>
      ec2().modifyTransitGateway({ TransitGatewayId: id, Options });
    await set({ DnsSupport: 'disable' });
    const { Options } = await lookAtAttachment(ec2(), attachmentId);
    expect(Options).toMatchObject({
      DnsSupport: 'enable',
      SecurityGroupReferencingSupport: 'enable',
    });
    await set({ SecurityGroupReferencingSupport: 'disable' });
    const off = await lookAtAttachment(ec2(), attachmentId);
    expect(off.Options!.SecurityGroupReferencingSupport).toBe('disable');
    await set({ SecurityGroupReferencingSupport: 'enable' });
    expect(await lookAtAttachment(ec2(), attachmentId)).toEqual(off);
  });

  it('C-016 encryption is switched on later', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const Options = { EncryptionSupport: 'enable' } as const;
    await ec2().modifyTransitGateway({ TransitGatewayId: id, Options });
    const now = await lookAtTransitGateway(ec2(), id);
    expect(now.Options!.EncryptionSupport).toEqual({ EncryptionState: 'enabled' });
    const both = { SecurityGroupReferencingSupport: 'enable' } as const;
    const call = ec2().modifyTransitGateway({ TransitGatewayId: id, Options: both });
    await expectError(call, 'InvalidParameterCombination');
  });

  it('C-016 encryption goes neither with group references, nor multicast, nor peerings', async () => {
    const { ec2 } = await testCloud();
    const encrypt = (id: string) =>
      ec2().modifyTransitGateway({
        TransitGatewayId: id,
        Options: { EncryptionSupport: 'enable' },
      });
    for (const options of [
      { SecurityGroupReferencingSupport: 'enable' },
      { MulticastSupport: 'enable' },
    ] as const) {
      await expectError(
        encrypt(await makeTransitGateway(ec2(), options)),
        'InvalidParameterCombination',
      );
    }
    const id = await makeTransitGateway(ec2());
    const peering = await peerGateways(ec2(), id, await makeTransitGateway(ec2()));
    await expectError(encrypt(id), 'IncorrectState', new RegExp(peering));
  });

  it('C-016 nor does a peering with encryption that came first', async () => {
    const { ec2, cloud, advance } = await testCloud();
    const [encrypted, plain] = [await makeTransitGateway(ec2()), await makeTransitGateway(ec2())];
    const Options = { EncryptionSupport: 'enable' } as const;
    await ec2().modifyTransitGateway({ TransitGatewayId: encrypted, Options });
    const ask = (TransitGatewayId: string, PeerTransitGatewayId: string) =>
      ec2().createTransitGatewayPeeringAttachment({
        TransitGatewayId,
        PeerTransitGatewayId,
        PeerAccountId: ACCOUNT,
        PeerRegion: REGION,
      });
    await expectError(ask(encrypted, plain), 'IncorrectState', /encryption support/);
    const asked = await ask(plain, encrypted);
    await advance(60_000);
    const id = asked.TransitGatewayPeeringAttachment!.TransitGatewayAttachmentId!;
    expect(cloud.model.get('transit-gateway-attachment', id)?.state).toBe('failed');
  });

  it('C-110 is its owner’s to change', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const call = ec2(OTHER_ACCOUNT).modifyTransitGateway({ TransitGatewayId: id });
    await expectError(call, 'InvalidTransitGatewayID.NotFound');
  });
});
