export { type UpstreamAdapter, type UpstreamAdapterOptions, wrapUpstreamAdapter } from './adapter.ts';
export { type UpstreamEncryptor, wrapUpstreamEncryptor } from './encryptor.ts';
