export { platformToken } from './admin-token.ts';
export { hashToken } from './config.ts';
export { type AppOptions, buildOpenApiDocument, createApp } from './http/app.ts';
