export { type UpstreamAdapter, type UpstreamAdapterOptions, wrapUpstreamAdapter } from './adapter.ts';
