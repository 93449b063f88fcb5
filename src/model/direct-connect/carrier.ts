/** What virtual interfaces run over: a connection or a LAG. */
import type { ModelReader } from '../model.ts';
import { type DirectConnectConnection, isLiveConnection } from './connection.ts';
import { type DirectConnectLag, isLagDown } from './lag.ts';

export type Carrier = DirectConnectConnection | DirectConnectLag;

export function carrierKind(id: string): 'direct-connect-connection' | 'direct-connect-lag' {
  return id.startsWith('dxlag-') ? 'direct-connect-lag' : 'direct-connect-connection';
}

export function carrierOf(reader: ModelReader, id: string): Carrier | undefined {
  return reader.get(carrierKind(id), id);
}

/** Whether frames pass over it. */
export function carriesFrames(reader: ModelReader, id: string): boolean {
  const lag = reader.get('direct-connect-lag', id);
  if (lag !== undefined) return lag.state === 'available' && !isLagDown(reader, lag);
  return reader.get('direct-connect-connection', id)?.state === 'available';
}

/** The hosted connections that are parts of it. */
export function hostedOn(reader: ModelReader, id: string): readonly DirectConnectConnection[] {
  return reader.by('direct-connect-connection', 'parent', id).filter(isLiveConnection);
}
