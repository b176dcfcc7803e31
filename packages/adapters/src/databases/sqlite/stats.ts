import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { lookUp } from './observe.ts';
import { layoutOf, statusOf } from './paths.ts';

/** The contract's `measureDatabase`: bytes on disk, the file and its WAL. */
export async function measureDatabase(
  root: string,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<{ sizeBytes: number }> {
  const layout = layoutOf(root, target);
  const { live } = await lookUp(layout, target, context);
  const path = live ? layout.live : layout.trash;
  const sizes = [path, `${path}-wal`].map((file) => statusOf(file)?.size ?? 0n);
  return { sizeBytes: sizes.reduce((total, size) => total + Number(size), 0) };
}
