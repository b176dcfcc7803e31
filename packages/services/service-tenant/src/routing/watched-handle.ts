import { AdapterError, type DatabaseHandle } from '@envplane/spec';

/** Tells when the database refuses the credential of a connection: it may have been replaced while nobody here was told (R5). */
export function watchedHandle(handle: DatabaseHandle, refused: () => void): DatabaseHandle {
  const watch = <T>(result: Promise<T>): Promise<T> => {
    result.catch((error: unknown) => {
      if (error instanceof AdapterError && error.code === 'unauthorized') refused();
    });
    return result;
  };
  return {
    query: (sql, params) => watch(handle.query(sql, params)),
    one: (sql, params) => watch(handle.one(sql, params)),
    exec: (sql, params) => watch(handle.exec(sql, params)),
    tx: (body) => watch(handle.tx(body)),
    close: () => handle.close(),
  };
}
