import type { MadeKey } from '@envplane/service-tenant';

/** What is told of a new key: the one place where it is shown. */
export const newKeyView = ({ view, key }: MadeKey) => ({ ...view, key: key?.reveal() ?? null });
