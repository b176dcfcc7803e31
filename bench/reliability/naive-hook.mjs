// Loaded before the service: see `naive.ts`.
import { register } from 'node:module';

register('./naive-loader.mjs', import.meta.url, { data: JSON.parse(process.env['NAIVE'] ?? '{}') });
