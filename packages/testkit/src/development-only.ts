/**
 * What only tests may have. Called on loading as well, so that a bundle for production that holds such a file does not start.
 * @throws Error with `NODE_ENV=production`
 */
export function refuseProduction(what: string): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(`${what}; it does not load with NODE_ENV=production.`);
  }
}
