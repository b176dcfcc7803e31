export { hashToken } from './config.ts';
export { type AppOptions, buildOpenApiDocument, createApp } from './http/app.ts';
export { type EnvironmentGateOptions, environmentGate, type GatedEnv } from './http/environment-gate.ts';
export type { HostSession, ResolveHostSession } from './identity/host-session.ts';
export type { OidcIssuer } from './identity/issuer.ts';
export type { OidcOptions } from './identity/oidc.ts';
export { platformToken } from './identity/platform-token.ts';
export { type IdentityOptions, identify, identityProviders } from './identity/providers.ts';
