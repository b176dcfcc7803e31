/** Metadata and schema, for tools and host applications. */
export type { ObjectDefinition, ObjectField, ObjectIndex } from './objects/define-object.ts';
export * from './objects/index.ts';
export { SysPackageInstallation, SysTenantDatabase } from './objects/legacy-objects.ts';
export { createStatements } from './store/schema/ddl.ts';
