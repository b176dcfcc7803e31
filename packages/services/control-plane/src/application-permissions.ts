import { readFileSync } from 'node:fs';
import {
  APPLICATION_ROLES,
  type ApplicationPermissions,
  definePermissions,
  type PermissionCatalogue,
} from '@envplane/spec';
import { z } from 'zod';
import { EXIT, refusal } from './exit.ts';

/** By service and `resource.action`. What a permission must look like, `definePermissions` says. */
const FileSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      description: z.string().min(1),
      roles: z.array(z.enum(APPLICATION_ROLES)).optional(),
    }),
  ),
);

/**
 * Every permission of this installation: those of the control plane, and those of the application from its file.
 * @throws refusal for a file that cannot be read or says something else
 */
export function readPermissions(path: string | undefined): PermissionCatalogue {
  if (path === undefined) return definePermissions();
  try {
    return definePermissions(FileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) as ApplicationPermissions);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw refusal(EXIT.usage, `ENVPLANE_PERMISSIONS_FILE ${path} cannot be used: ${reason}`);
  }
}
