/** The only type of customer gateway, virtual private gateway and connection that AWS has. */
export const GATEWAY_TYPE = 'ipsec.1';
