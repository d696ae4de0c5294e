export { choice, describeConfig, flag, loadConfig, secret, whole, withoutPassword } from './load.ts';
export type { LoadedConfig, Origin } from './load.ts';
