export type { Access } from './claims.ts';
export type { EpochPage, EpochSource } from './epochs.ts';
export { forwardTo } from './forward.ts';
export { createGateway, type Gateway, type GatewayOptions, type Verdict } from './gateway.ts';
export type { KeySetSource } from './key-set.ts';
export { type GatewayEnv, gatewayMiddleware } from './middleware.ts';
export type { Refusal } from './refusal.ts';
export type { GatewayRoute } from './routes.ts';
export { epochsAt, keySetAt } from './sources.ts';
